/** What a sweep would cost, before it is submitted. */
import { post } from "./http";
import type { Evaluation, RequestBody } from "./types";

export const evaluate = (body: RequestBody, signal?: AbortSignal): Promise<Evaluation> =>
  post("/api/optimizations/evaluate", body, signal);
