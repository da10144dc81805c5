/** The bars of a histogram: those beyond its ends are counted in the first and the last one. */
import type { Distribution } from "@/api/types";

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export function barsOf({ low, high, counts, below, above }: Distribution): readonly Bar[] {
  if (low === null || high === null) return [];
  const width = (high - low) / counts.length;
  return counts.map((count, at) => ({
    from: low + at * width,
    to: at === counts.length - 1 ? high : low + (at + 1) * width,
    count: count + (at === 0 ? below : 0) + (at === counts.length - 1 ? above : 0),
  }));
}

/** Where a value lies between the ends, 0–1. */
export function placeOf({ low, high }: Distribution, value: number): number {
  if (low === null || high === null || high <= low) return 0.5;
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
