/** Pages of an optimization's trials, sorted by the server. */
import { query, request } from "./http";
import type { Page, Trial } from "./types";

export interface TrialQuery {
  sort: string;
  status: string | null;
  cursor: string | null;
  limit: number;
}

export const fetchTrials = (runKey: string, page: TrialQuery, signal?: AbortSignal): Promise<Page<Trial>> =>
  request(`/api/optimizations/${encodeURIComponent(runKey)}/trials${query({ ...page })}`, signal ? { signal } : {});
