/** The best value so far of an optimization: from its trials, and while it runs from the updates since. */
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchTrials } from "@/api/trials";
import { isTerminal } from "@/api/types";
import type { Filters, StatusBody, Trial } from "@/api/types";
import { bestFirst, isMetric } from "@/ui/run/metrics";
import { grow, join, NO_CURVE, recordsOf, toldOf } from "./bestCurve";
import type { BestCurve, Lead } from "./bestCurve";

const PAGE = 500;
export interface Ranking {
  sortBy: string;
  filters: Filters;
}

const NO_RECORDS: readonly Lead[] = [];

/** `ranking`: what the trials are ranked by, and what keeps one of them from leading; undefined until it is known. */
export function useBestCurve(run: StatusBody, ranking: Ranking | undefined): BestCurve {
  const over = isTerminal(run.status);
  const done = run.processed + run.failed;
  const { data } = useQuery({
    queryKey: ["records", "optimization", run.runKey, run.attempt, over ? run.rev : "live", ranking],
    queryFn: ranking && done > 0 ? ({ signal }) => fetchRecords(run.runKey, ranking, signal) : skipToken,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const tail = useTail(run, done);
  const records = data ?? NO_RECORDS;
  return useMemo(() => {
    if (!over) return join(records, tail);
    return records.length > 0 ? { records, end: done } : tail;
  }, [over, records, tail, done]);
}

async function fetchRecords(runKey: string, { sortBy, filters }: Ranking, signal: AbortSignal): Promise<Lead[]> {
  const page = (sort: string) =>
    fetchTrials(runKey, { ...filters, sort, status: "Completed", cursor: null, limit: PAGE }, signal).then(
      ({ items }) => toldOf(items, (trial) => valueOf(trial, sortBy)),
    );
  const [best, first] = await Promise.all([page(bestFirst(sortBy)), page("index")]);
  return recordsOf(best, first);
}

const valueOf = (trial: Trial, sortBy: string): number | null | undefined =>
  isMetric(sortBy) ? trial.metrics?.[sortBy] : trial.fitness;

/** What the updates of this attempt have told. */
function useTail(run: StatusBody, done: number): BestCurve {
  const [seen, setSeen] = useState({ attempt: run.attempt, curve: NO_CURVE });
  if (seen.attempt !== run.attempt) {
    setSeen({ attempt: run.attempt, curve: NO_CURVE });
    return NO_CURVE;
  }
  const curve = grow(seen.curve, done, run.best?.value ?? null);
  if (curve !== seen.curve) setSeen({ attempt: run.attempt, curve });
  return curve;
}
