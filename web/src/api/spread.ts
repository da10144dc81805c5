/** How the trials of an optimization are spread, as far as they have come. */
import { query, request } from "./http";
import type { Distribution, Sample } from "./types";

const at = (runKey: string, what: string): string => `/api/optimizations/${encodeURIComponent(runKey)}/${what}`;

/** At most about so many trials as columns, best first by the first of the metrics. */
export const fetchSample = (
  runKey: string,
  metrics: readonly string[],
  points: number,
  signal?: AbortSignal,
): Promise<Sample> =>
  request(`${at(runKey, "sample")}${query({ metrics: metrics.join(","), points })}`, signal ? { signal } : {});

export const fetchDistribution = (
  runKey: string,
  metric: string,
  bins: number,
  signal?: AbortSignal,
): Promise<Distribution> =>
  request(`${at(runKey, "distribution")}${query({ metric, bins })}`, signal ? { signal } : {});
