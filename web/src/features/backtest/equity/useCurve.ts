/** The equity curve of a backtest: whole when it is done, growing while it runs. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchEquity } from "@/api/equity";
import { isTerminal } from "@/api/types";
import type { EquityPoint, StatusBody } from "@/api/types";
import { grow, join } from "./liveCurve";
import type { LivePoint } from "./liveCurve";

const LIVE_POINTS = 800;
const FULL_POINTS = 4000;
const REDRAW_MS = 5000;
const NO_POINTS: readonly EquityPoint[] = [];
const NO_TAIL: readonly LivePoint[] = [];

export interface Curve {
  points: readonly EquityPoint[];
  isLoading: boolean;
  error: Error | null;
}

export function useCurve(run: StatusBody): Curve {
  const running = run.status === "Running";
  const { data, error, isPending } = useQuery({
    queryKey: ["equity", "backtest", run.runKey, running ? `live-${String(run.attempt)}` : run.resultAttempt],
    queryFn: ({ signal }) => fetchEquity(run.runKey, running ? LIVE_POINTS : FULL_POINTS, signal),
    enabled: running || run.resultAttempt !== null,
    refetchInterval: running ? REDRAW_MS : false,
    staleTime: running ? 0 : Infinity,
    placeholderData: keepPreviousData,
  });
  const tail = useTail(run);
  const drawn = data?.points ?? NO_POINTS;
  const points = useMemo(() => (running ? join(drawn, tail) : drawn), [running, drawn, tail]);
  return { points, isLoading: isPending && !running && isTerminal(run.status), error };
}

/** The points that updates of this attempt have brought. */
function useTail(run: StatusBody): readonly LivePoint[] {
  const [seen, setSeen] = useState({ attempt: run.attempt, barTime: "", tail: NO_TAIL });
  const barTime = run.barTime ?? "";
  if (seen.attempt !== run.attempt) setSeen({ attempt: run.attempt, barTime: "", tail: NO_TAIL });
  else if (barTime !== seen.barTime && typeof run.equity === "number" && barTime !== "")
    setSeen({ ...seen, barTime, tail: grow(seen.tail, Date.parse(barTime), run.equity) });
  return seen.tail;
}
