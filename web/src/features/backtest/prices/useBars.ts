/** The bars of a backtest: all of the run in one window, and finer ones of the part that is looked at. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchBars } from "@/api/bars";
import type { Bars, StatusBody } from "@/api/types";
import { WINDOW_ROWS } from "@/ui/chart/prices/view";
import type { Span } from "@/ui/chart/prices/view";

const KEPT_MS = 60_000;

const keyOf = ({ runKey, resultAttempt }: StatusBody, ...rest: unknown[]): unknown[] => [
  "bars",
  runKey,
  resultAttempt,
  ...rest,
];

export interface LoadedBars {
  bars: Bars | undefined;
  error: Error | null;
  isLoading: boolean;
  retry: () => void;
}

const MAIN = 0;

/** The whole run in at most WINDOW_ROWS rows; by default of its main series. */
export function useWholeBars(run: StatusBody, series = MAIN): LoadedBars {
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: keyOf(run, series),
    queryFn: ({ signal }) => fetchBars(run.runKey, { series, fromMs: null, toMs: null, points: WINDOW_ROWS }, signal),
    staleTime: Infinity,
  });
  return { bars: data, error, isLoading: isFetching, retry: () => void refetch() };
}

/** Those of a span; while they load, those that were there before. */
export function useWindowBars(run: StatusBody, series: number, span: Span | null): LoadedBars {
  const bounds = { fromMs: span?.fromMs ?? null, toMs: span?.toMs ?? null };
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: keyOf(run, series, bounds),
    queryFn: ({ signal }) => fetchBars(run.runKey, { series, ...bounds, points: WINDOW_ROWS }, signal),
    enabled: span !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: KEPT_MS,
  });
  return { bars: span === null ? undefined : data, error, isLoading: isFetching, retry: () => void refetch() };
}
