/** The geometry of the bars of a walk-forward's windows, as shares of the height from the bottom. */
import type { WalkWindow } from "@/api/types";

export interface Reach {
  readonly low: number;
  readonly high: number;
  /** Where zero lies. */
  readonly zero: number;
}

type Maybe = number | null | undefined;

/** From the least to the greatest value, zero among them; null where nothing is known. */
export function reachOf(windows: readonly WalkWindow[]): Reach | null {
  const values = windows
    .flatMap(({ inSampleValue, outOfSampleValue }) => [inSampleValue, outOfSampleValue])
    .filter((value) => typeof value === "number");
  if (values.length === 0) return null;
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  return high > low ? { low, high, zero: -low / (high - low) } : { low: 0, high: 0, zero: 0.5 };
}

/** A bar from zero to a value; one of no height where there is none. */
export function barOf({ low, high, zero }: Reach, value: Maybe): { from: number; size: number } {
  if (typeof value !== "number" || high <= low) return { from: zero, size: 0 };
  const share = Math.abs(value) / (high - low);
  return { from: value >= 0 ? zero : zero - share, size: share };
}
