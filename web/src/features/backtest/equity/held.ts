/** What the initial cash would have come to in the main asset alone: bought at the first open, held to the end. */
import type { Bars } from "@/api/types";
import { rowAt } from "@/ui/chart/prices/view";

/**
 * For each of the `times`, opens of bars that rise, the worth at the close of that bar: without costs, in parts of units.
 *
 * A row of several bars has the close of its last one; between two closes the worth is taken to change evenly. It is exact
 * where every row is one bar, and always for the last of the `times` when that is the last bar.
 */
export function heldCurve({ rows, interval }: Bars, barMs: number, cash: number, times: readonly number[]): number[] {
  const first = rows[0];
  const lastMs = times.at(-1);
  if (!first || lastMs === undefined) return [];
  const starts = rows.map(([ts]) => ts);
  const opening = first[1];
  return times.map((ms) => {
    const row = rowAt(starts, ms);
    const [from, open = opening, , , close = opening] = rows[row] ?? [];
    if (from === undefined || interval <= barMs) return (cash * close) / opening;
    const end = Math.min(starts[row + 1] ?? Infinity, lastMs + barMs) - barMs;
    const share = end > from ? Math.min(1, Math.max(0, (ms - from) / (end - from))) : 1;
    const before = rows[row - 1]?.[4] ?? open;
    return (cash * (before + share * (close - before))) / opening;
  });
}

/** Percent gained by holding. */
export function heldReturnPct({ rows }: Bars): number | null {
  const [first, last] = [rows[0], rows.at(-1)];
  return first && last && first[1] > 0 ? 100 * (last[4] / first[1] - 1) : null;
}

/** An equity that moves less than this share of what holding does would look flat beside it. */
const FLAT = 1 / 20;

export function liesFlat(equity: readonly number[], held: readonly number[]): boolean {
  const [own, both] = [reachOf(equity), reachOf([...equity, ...held])];
  return own < FLAT * both;
}

function reachOf(values: readonly number[]): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}
