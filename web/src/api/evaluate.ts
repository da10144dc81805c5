/** What a sweep would cost, before it is submitted. */
import { request } from "./http";
import type { Evaluation, RequestBody } from "./types";

export const evaluate = (body: RequestBody, signal?: AbortSignal): Promise<Evaluation> =>
  request("/api/optimizations/evaluate", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
    ...(signal ? { signal } : {}),
  });
