/** The equity curve of a backtest, while it runs too. */
import { query, request } from "./http";
import type { EquityPoint } from "./types";

export const fetchEquity = (
  runKey: string,
  points: number,
  signal?: AbortSignal,
): Promise<{ points: EquityPoint[]; total: number }> =>
  request(`/api/backtests/${encodeURIComponent(runKey)}/equity${query({ points })}`, signal ? { signal } : {});
