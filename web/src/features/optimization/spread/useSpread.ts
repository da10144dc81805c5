/** Asks again for what all trials come to as they land, but no more than every few seconds. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { fetchDistribution, fetchSample } from "@/api/spread";
import { isTerminal } from "@/api/types";
import type { Distribution, Sample, StatusBody } from "@/api/types";
import { usePaced } from "@/live/usePaced";

const EVERY_MS = 3000;
const KEPT_MS = 10_000;
/** As many lines or points as one can still draw at once, and more than one can tell apart. */
export const MOST_POINTS = 3000;
const BINS = 60;

const LATEST = { placeholderData: keepPreviousData, staleTime: Infinity, gcTime: KEPT_MS } as const;

/** Some trials as columns, best first by the first of the metrics. */
export const useSample = (run: StatusBody, metrics: readonly string[]) =>
  useQuery<Sample>({
    queryKey: ["sample", "optimization", run.runKey, run.attempt, useLanded(run), metrics],
    queryFn: ({ signal }) => fetchSample(run.runKey, metrics, MOST_POINTS, signal),
    ...LATEST,
  });

/** How a metric is spread over all of them. */
export const useDistribution = (run: StatusBody, metric: string) =>
  useQuery<Distribution>({
    queryKey: ["distribution", "optimization", run.runKey, run.attempt, useLanded(run), metric],
    queryFn: ({ signal }) => fetchDistribution(run.runKey, metric, BINS, signal),
    ...LATEST,
  });

/** Changes when there may be more than the last answer told. */
function useLanded(run: StatusBody): number | readonly number[] {
  const landed = usePaced(run.processed + run.failed, EVERY_MS);
  return isTerminal(run.status) ? run.rev : landed;
}
