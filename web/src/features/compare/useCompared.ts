/** The backtests to compare, as far as they can be; of the others, why not. */
import { useQueries } from "@tanstack/react-query";
import { fetchEquity } from "@/api/equity";
import { ApiError } from "@/api/http";
import { fetchStatus } from "@/api/runs";
import { isTerminal } from "@/api/types";
import type { BacktestResult, EquityPoint, StatusBody } from "@/api/types";

const POLL_MS = 2000;
const POINTS = 2000;

export type Compared =
  | { readonly is: "loading"; readonly runKey: string }
  | { readonly is: "unreachable"; readonly runKey: string; readonly error: Error }
  | { readonly is: "missing"; readonly runKey: string }
  | { readonly is: "optimization" | "underWay" | "resultless"; readonly runKey: string; readonly run: StatusBody }
  | Ready;

export interface Ready {
  readonly is: "ready";
  readonly runKey: string;
  readonly run: StatusBody;
  readonly result: BacktestResult;
}

/** What an answer, or none, makes of a run. */
export function judged(runKey: string, data: StatusBody | null | undefined, error: Error | null): Compared {
  if (data === undefined) return error ? { is: "unreachable", runKey, error } : { is: "loading", runKey };
  if (data === null) return { is: "missing", runKey };
  if (data.kind === "optimization") return { is: "optimization", runKey, run: data };
  if (data.result) return { is: "ready", runKey, run: data, result: data.result as BacktestResult };
  return { is: isTerminal(data.status) ? "resultless" : "underWay", runKey, run: data };
}

/** A run of either kind; null when there is none of that key. */
async function find(runKey: string, signal: AbortSignal): Promise<StatusBody | null> {
  for (const kind of ["backtest", "optimization"] as const)
    try {
      return await fetchStatus(kind, runKey, signal);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  return null;
}

export function useCompared(keys: readonly string[]): readonly Compared[] {
  return useQueries({
    queries: keys.map((runKey) => ({
      queryKey: ["compared", runKey],
      queryFn: ({ signal }: { signal: AbortSignal }) => find(runKey, signal),
      refetchInterval: (query: { state: { data?: StatusBody | null | undefined } }) => {
        const run = query.state.data;
        return run && !isTerminal(run.status) ? POLL_MS : false;
      },
    })),
    combine: (answers) => answers.map(({ data, error }, index) => judged(keys[index] ?? "", data, error)),
  });
}

export interface CurveOf {
  readonly points: readonly EquityPoint[];
  readonly error: Error | null;
}

const NO_POINTS: readonly EquityPoint[] = [];

export function useCurves(runs: readonly Ready[]): readonly CurveOf[] {
  return useQueries({
    queries: runs.map(({ runKey, run }) => ({
      queryKey: ["compared-equity", runKey, run.resultAttempt],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchEquity(runKey, POINTS, signal),
      staleTime: Infinity,
    })),
    combine: (answers) => answers.map(({ data, error }) => ({ points: data?.points ?? NO_POINTS, error })),
  });
}
