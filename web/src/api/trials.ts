/** An optimization's trials: pages sorted by the server, or all of them as a file. */
import { ask, query, request } from "./http";
import type { Page, Trial } from "./types";

export interface TrialQuery {
  /** Null: best first once the run is done, until then in order. */
  sort: string | null;
  status: string | null;
  cursor: string | null;
  limit: number;
}

const at = (runKey: string): string => `/api/optimizations/${encodeURIComponent(runKey)}/trials`;

export const fetchTrials = (runKey: string, page: TrialQuery, signal?: AbortSignal): Promise<Page<Trial>> =>
  request(`${at(runKey)}${query({ ...page })}`, signal ? { signal } : {});

export const fetchTrialsCsv = async (runKey: string, chosen: Pick<TrialQuery, "sort" | "status">): Promise<Blob> =>
  (await ask(`${at(runKey)}${query({ ...chosen })}`, { headers: { Accept: "text/csv" } })).blob();
