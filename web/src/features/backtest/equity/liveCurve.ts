/** The equity curve of a running backtest: what the server has drawn, and the bars since. */
import type { EquityPoint } from "@/api/types";

/** What an update tells: the bar and the equity then. */
export type LivePoint = readonly [tsMs: number, equity: number];

const MOST_POINTS = 4000;

/** With one more point; the tail itself when it is no newer than the last. Thinned by half when it grows too long. */
export function grow(tail: readonly LivePoint[], tsMs: number, equity: number): readonly LivePoint[] {
  const last = tail.at(-1);
  if (last && tsMs <= last[0]) return tail;
  const kept = tail.length >= MOST_POINTS ? tail.filter((_, index) => index % 2 === 0) : tail;
  return [...kept, [tsMs, equity]];
}

/** What the server knows, followed by what the socket brought after it: as far apart, and below the peak of all before. */
export function join(drawn: readonly EquityPoint[], tail: readonly LivePoint[]): readonly EquityPoint[] {
  const end = drawn.at(-1)?.[0] ?? -Infinity;
  let peak = drawn.reduce((high, [, equity]) => Math.max(high, equity), -Infinity);
  const later: EquityPoint[] = [];
  for (const [tsMs, equity] of tail) {
    if (tsMs <= end) continue;
    peak = Math.max(peak, equity);
    later.push([tsMs, equity, peak > 0 ? (100 * (equity - peak)) / peak : 0]);
  }
  return later.length === 0 ? drawn : [...drawn, ...thinned(later, spacingOf(drawn), end)];
}

/** How far apart the points of a curve are on average; 0 while it has none. */
function spacingOf(curve: readonly EquityPoint[]): number {
  const [first, last] = [curve[0], curve.at(-1)];
  return first && last && curve.length > 1 ? (last[0] - first[0]) / (curve.length - 1) : 0;
}

/** Those that are far enough apart, and the newest. */
function thinned(points: readonly EquityPoint[], spacing: number, end: number): readonly EquityPoint[] {
  let before = end;
  return points.filter(([tsMs], index) => {
    if (tsMs - before < spacing && index < points.length - 1) return false;
    before = tsMs;
    return true;
  });
}
