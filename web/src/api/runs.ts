/** Runs of either kind: list, status, submit, cancel, delete. */
import { post, query, request } from "./http";
import { plural } from "./types";
import type { CancelAnswer, Page, RequestBody, RunKind, StatusBody, Submission } from "./types";

export interface RunQuery {
  q?: string | undefined;
  status?: string | undefined;
  cursor?: string | null | undefined;
  limit?: number | undefined;
}

const at = (kind: RunKind, runKey: string): string => `/api/${plural(kind)}/${encodeURIComponent(runKey)}`;

export const listRuns = (kind: RunKind, filter: RunQuery, signal?: AbortSignal): Promise<Page<StatusBody>> =>
  request(`/api/${plural(kind)}${query({ ...filter })}`, signal ? { signal } : {});

/** The status; an optimization's trials are asked for by page, not carried along. */
export const fetchStatus = (kind: RunKind, runKey: string, signal?: AbortSignal): Promise<StatusBody> =>
  request(`${at(kind, runKey)}/status${kind === "optimization" ? "?trials=0" : ""}`, signal ? { signal } : {});

export const fetchRun = (kind: RunKind, runKey: string): Promise<StatusBody> =>
  request(`${at(kind, runKey)}${kind === "optimization" ? "?trials=0" : ""}`);

export const submitRun = (kind: RunKind, body: RequestBody): Promise<Submission> =>
  post(`/api/${plural(kind)}`, body);

export const cancelRun = (kind: RunKind, runKey: string): Promise<CancelAnswer> => post(`${at(kind, runKey)}/cancel`);

export const deleteRun = (kind: RunKind, runKey: string): Promise<void> =>
  request(at(kind, runKey), { method: "DELETE" });
