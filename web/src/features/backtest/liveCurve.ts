/** The equity curve of a running backtest: what the server has drawn, and the bars since. */
import type { EquityPoint } from "@/api/types";

const MOST_POINTS = 4000;

/** With one more point; the curve itself when it is no newer than the last. Thinned by half when it grows too long. */
export function grow(curve: readonly EquityPoint[], tsMs: number, equity: number): readonly EquityPoint[] {
  const last = curve.at(-1);
  if (last && tsMs <= last[0]) return curve;
  const kept = curve.length >= MOST_POINTS ? curve.filter((_, index) => index % 2 === 0) : curve;
  const peak = kept.reduce((high, [, value]) => Math.max(high, value), equity);
  return [...kept, [tsMs, equity, peak > 0 ? (100 * (equity - peak)) / peak : 0]];
}

/** What the server knows, followed by what the socket brought after it. */
export function join(drawn: readonly EquityPoint[], tail: readonly EquityPoint[]): readonly EquityPoint[] {
  const end = drawn.at(-1)?.[0] ?? -Infinity;
  const later = tail.filter(([ts]) => ts > end);
  return later.length === 0 ? drawn : [...drawn, ...later];
}
