/** Pages of a backtest's round trips. */
import { query, request } from "./http";
import type { Page, RoundTrip } from "./types";

export const fetchTrades = (
  runKey: string,
  page: { sort: string; cursor: string | null; limit: number },
  signal?: AbortSignal,
): Promise<Page<RoundTrip>> =>
  request(`/api/backtests/${encodeURIComponent(runKey)}/trades${query(page)}`, signal ? { signal } : {});
