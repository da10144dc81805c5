/** Runs of either kind: list, status, submit, cancel, delete. */
import { post, query, request } from "./http";
import { plural } from "./types";
import type { CancelAnswer, Page, RequestBody, RunKind, StatusBody, StoredRun, Submission } from "./types";

export interface RunQuery {
  q?: string | undefined;
  status?: string | undefined;
  strategy?: string | undefined;
  asset?: string | undefined;
  exchange?: string | undefined;
  timeFrame?: string | undefined;
  /** Instants that bound the submission. */
  from?: string | undefined;
  to?: string | undefined;
  sort?: string | undefined;
  cursor?: string | null | undefined;
  limit?: number | undefined;
}

const at = (kind: RunKind, runKey: string): string => `/api/${plural(kind)}/${encodeURIComponent(runKey)}`;

export const listRuns = (kind: RunKind, filter: RunQuery, signal?: AbortSignal): Promise<Page<StatusBody>> =>
  request(`/api/${plural(kind)}${query({ ...filter })}`, signal ? { signal } : {});

/** The server sends at least one; the page asks for trials by page. */
const FEWEST_TRIALS = "?trials=1";

/** The status; an optimization's trials are asked for by page, not carried along. */
export const fetchStatus = (kind: RunKind, runKey: string, signal?: AbortSignal): Promise<StatusBody> =>
  request(`${at(kind, runKey)}/status${kind === "optimization" ? FEWEST_TRIALS : ""}`, signal ? { signal } : {});

export const fetchRun = (kind: RunKind, runKey: string): Promise<StoredRun> =>
  request(`${at(kind, runKey)}${kind === "optimization" ? FEWEST_TRIALS : ""}`);

export const submitRun = (kind: RunKind, body: RequestBody): Promise<Submission> => post(`/api/${plural(kind)}`, body);

/** What a submission would do: its errors, its size, and whether it is known already. Starts nothing. */
export const dryRun = (kind: RunKind, body: RequestBody, signal?: AbortSignal): Promise<Submission> =>
  post(`/api/${plural(kind)}?dryRun=true`, body, signal);

export const cancelRun = (kind: RunKind, runKey: string): Promise<CancelAnswer> => post(`${at(kind, runKey)}/cancel`);

export const deleteRun = (kind: RunKind, runKey: string): Promise<void> =>
  request(at(kind, runKey), { method: "DELETE" });
