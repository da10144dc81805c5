/** How the server is: workers, queue, loop lag. */
import { request } from "./http";
import type { SystemInfo } from "./types";

export const fetchSystem = (signal?: AbortSignal): Promise<SystemInfo> =>
  request("/api/system", signal ? { signal } : {});
