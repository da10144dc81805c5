/** An optimization's trials: pages sorted by the server, or all of them as a file. */
import { ask, query, request } from "./http";
import type { Filters, Page, Trial } from "./types";

export interface TrialQuery extends Filters {
  /** Null: best first once the run is done, until then in order. */
  sort: string | null;
  status: string | null;
  cursor: string | null;
  limit: number;
}

const at = (runKey: string): string => `/api/optimizations/${encodeURIComponent(runKey)}/trials`;

export const fetchTrials = (runKey: string, page: TrialQuery, signal?: AbortSignal): Promise<Page<Trial>> =>
  request(`${at(runKey)}${query({ ...page })}`, signal ? { signal } : {});

export const fetchTrial = (runKey: string, trialKey: string, signal?: AbortSignal): Promise<Trial> =>
  request(`${at(runKey)}/${encodeURIComponent(trialKey)}`, signal ? { signal } : {});

export type TrialFile = "csv" | "parquet";

const MEDIA: Record<TrialFile, string> = { csv: "text/csv", parquet: "application/vnd.apache.parquet" };

export const fetchTrialsFile = async (
  runKey: string,
  as: TrialFile,
  chosen: Pick<TrialQuery, "sort" | "status">,
): Promise<Blob> => (await ask(`${at(runKey)}${query({ ...chosen })}`, { headers: { Accept: MEDIA[as] } })).blob();
