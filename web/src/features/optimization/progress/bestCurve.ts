/** How the best value of an optimization grew with its trials. */
import type { Trial } from "@/api/types";

/** From so many finished trials on, this was the best value. */
export type Lead = readonly [trials: number, value: number];

export interface BestCurve {
  /** Each better than the one before. */
  readonly records: readonly Lead[];
  /** The trials up to which the last of them stands. */
  readonly end: number;
}

export const NO_CURVE: BestCurve = { records: [], end: 0 };

/** With what an update tells; the curve itself when it tells nothing new. */
export function grow(curve: BestCurve, trials: number, value: number | null): BestCurve {
  const last = curve.records.at(-1);
  if (value === null || trials < curve.end || (trials === curve.end && last?.[1] === value)) return curve;
  return { records: last?.[1] === value ? curve.records : [...curve.records, [trials, value]], end: trials };
}

/** What is known of trial numbers and values, as a trial carries them. */
export interface Told {
  readonly index: number;
  readonly value: number;
}

export function toldOf(trials: readonly Trial[], valueOf: (trial: Trial) => number | null | undefined): Told[] {
  return trials.flatMap((trial) => {
    const value = valueOf(trial);
    return typeof value === "number" ? [{ index: trial.index, value }] : [];
  });
}

/**
 * The records among all trials from the best of them, best first, and the first of them, in order.
 *
 * Of the best, each that came before all better ones held the lead until then, and nobody else did: those are all records
 * from the earliest of them on. What was before is found among the first trials; between both nothing is known, and the
 * curve stays where it was.
 */
export function recordsOf(best: readonly Told[], first: readonly Told[]): Lead[] {
  const late: Told[] = [];
  let earliest = Infinity;
  for (const each of best) {
    if (each.index >= earliest) continue;
    earliest = each.index;
    if (late[0]?.value !== each.value) late.unshift(each);
    else late[0] = each;
  }
  const [low, high] = [best.at(-1)?.value ?? 0, best[0]?.value ?? 0];
  const isBetter = high >= low ? (a: number, b: number) => a > b : (a: number, b: number) => a < b;
  const early: Told[] = [];
  for (const each of first) {
    if (each.index >= earliest) break;
    const last = early.at(-1);
    if (!last || isBetter(each.value, last.value)) early.push(each);
  }
  return [...early, ...late].map(({ index, value }) => [index + 1, value]);
}

/** What the trials told, and what updates have told since. */
export function join(records: readonly Lead[], tail: BestCurve): BestCurve {
  const known = records.at(-1);
  const later = tail.records.filter(([trials, value]) => !known || (trials > known[0] && value !== known[1]));
  return { records: [...records, ...later], end: Math.max(tail.end, known?.[0] ?? 0) };
}
