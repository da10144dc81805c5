/** The grid of an optimization's heat map, as far as its trials have come. */
import { query, request } from "./http";
import type { Fold, Surface } from "./types";

export interface SurfaceQuery {
  x: string;
  y: string;
  metric: string;
  fold: Fold;
  /** Only trials with these parameters, as JSON; null for all. */
  fixed: string | null;
  /** More values than these on an axis are folded into so many. */
  bins: number;
}

export const fetchSurface = (runKey: string, wanted: SurfaceQuery, signal?: AbortSignal): Promise<Surface> =>
  request(`/api/optimizations/${encodeURIComponent(runKey)}/surface${query({ ...wanted })}`, signal ? { signal } : {});
