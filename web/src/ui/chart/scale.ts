/** Which colour of a scale a value takes. */
import type { ScaleKind } from "./palette";

export interface Scale {
  readonly kind: ScaleKind;
  readonly low: number;
  readonly high: number;
  /** Whether values lie beyond its ends, and take the colour of the end. */
  readonly clipped: boolean;
}

/** A few freak values must not take the colours from all others. */
const FREAK_SHARE = 0.01;

/** For `values`, in any order; null for none. Where some gain and some lose, zero is the middle. */
export function scaleOf(values: readonly number[]): Scale | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) return null;
  const skip = Math.floor(sorted.length * FREAK_SHARE);
  const low = sorted[skip] ?? least;
  const high = sorted[sorted.length - 1 - skip] ?? most;
  if (least >= 0 || most <= 0) return { kind: "sequential", low, high, clipped: low > least || high < most };
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return { kind: "diverging", low: -reach, high: reach, clipped: reach < Math.max(-least, most) };
}

/** 0–1 from the low end to the high one; the middle where both are one. */
export const shareOn = ({ low, high }: Scale, value: number): number =>
  high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const MOST_BARS = 32;
const FEWEST_BARS = 8;

/** How many of the values lie in each of even steps along the scale; those beyond its ends in the last step. */
export function histogram(values: readonly number[], scale: Scale): readonly Bar[] {
  const bars = Math.min(MOST_BARS, Math.max(FEWEST_BARS, Math.ceil(2 * Math.cbrt(values.length))));
  const counts = new Array<number>(bars).fill(0);
  for (const value of values) {
    const bar = Math.min(bars - 1, Math.floor(shareOn(scale, value) * bars));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  const step = (scale.high - scale.low) / bars;
  return counts.map((count, index) => ({
    from: scale.low + index * step,
    to: scale.low + (index + 1) * step,
    count,
  }));
}
