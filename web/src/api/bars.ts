/** The bars of a backtest with its fills and what its strategy plots, a window at a time. */
import { query, request } from "./http";
import type { Bars } from "./types";

export interface BarsQuery {
  /** Bounds of the bars' opens; null: as far as the run goes. */
  fromMs: number | null;
  toMs: number | null;
  /** Which one of the run's series, 0 the main one. */
  series: number;
  /** At most so many rows; with more bars a row holds several. */
  points: number;
}

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export const fetchBars = (
  runKey: string,
  { series, fromMs, toMs, points }: BarsQuery,
  signal?: AbortSignal,
): Promise<Bars> =>
  request(
    `/api/backtests/${encodeURIComponent(runKey)}/bars${query({ series: series || null, from: instant(fromMs), to: instant(toMs), points })}`,
    signal ? { signal } : {},
  );
