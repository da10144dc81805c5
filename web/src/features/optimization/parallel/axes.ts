/** The axes of parallel coordinates: where a trial crosses each of them, all as shares from 0 (bottom) to 1 (top). */
import type { ParamValue, Sample } from "@/api/types";

export interface ParallelAxis {
  /** A parameter may have the name of a metric. */
  readonly key: string;
  readonly name: string;
  readonly isMetric: boolean;
  /** Where each trial crosses it. */
  readonly shares: readonly number[];
  /** The different values with their places, from the bottom; null of so many that only the ends are told. */
  readonly stops: readonly Stop[] | null;
  /** The values at the bottom and at the top. */
  readonly ends: readonly [low: ParamValue, high: ParamValue];
  /** How far a key moves an end of a range. */
  readonly step: number;
  /** How far trials of one value are drawn apart. */
  readonly band: number;
}

export interface Stop {
  readonly value: ParamValue;
  readonly share: number;
}

/** A part of an axis, both ends included. */
export type Range = readonly [low: number, high: number];
export type Brushes = Readonly<Record<string, Range>>;

const MOST_STOPS = 30;
const FINE_STEP = 0.02;
const WIDEST_BAND = 0.08;
const EPSILON = 1e-9;
export const WHOLE: Range = [0, 1];

/** Those of the parameters `names`, then that of the metric. */
export function axesOf(sample: Sample, names: readonly string[]): readonly ParallelAxis[] {
  const parameters = names
    .filter((name) => sample.parameters[name])
    .map((name) => axisOf(name, sample.parameters[name] ?? [], false));
  return [...parameters, axisOf(sample.metrics[0] ?? "", sample.values[0] ?? [], true)];
}

function axisOf(name: string, values: readonly ParamValue[], isMetric: boolean): ParallelAxis {
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length === values.length ? numberAxis(name, numbers, isMetric) : choiceAxis(name, values, isMetric);
}

function numberAxis(name: string, values: readonly number[], isMetric: boolean): ParallelAxis {
  const different = [...new Set(values)].sort((a, b) => a - b);
  const [low, high] = [different[0] ?? 0, different.at(-1) ?? 0];
  const shareOf = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
  const stops =
    isMetric || different.length > MOST_STOPS ? null : different.map((value) => ({ value, share: shareOf(value) }));
  return { ...named(name, isMetric), shares: values.map(shareOf), stops, ends: [low, high], ...spacing(stops) };
}

function choiceAxis(name: string, values: readonly ParamValue[], isMetric: boolean): ParallelAxis {
  const different = [...new Set(values)].sort((a, b) => String(a).localeCompare(String(b)));
  const places = new Map(different.map((value, place) => [value, (place + 0.5) / different.length]));
  const stops = different.map((value) => ({ value, share: places.get(value) ?? 0 }));
  const shares = values.map((value) => places.get(value) ?? 0);
  return {
    ...named(name, isMetric),
    shares,
    stops,
    ends: [different[0] ?? "", different.at(-1) ?? ""],
    ...spacing(stops),
  };
}

const named = (name: string, isMetric: boolean) => ({ key: isMetric ? `metric ${name}` : name, name, isMetric });

function spacing(stops: readonly Stop[] | null): Pick<ParallelAxis, "step" | "band"> {
  if (!stops) return { step: FINE_STEP, band: 0 };
  const gaps = stops.slice(1).map(({ share }, at) => share - (stops[at]?.share ?? 0));
  const step = gaps.length > 0 ? Math.min(...gaps) : 1;
  return { step, band: Math.min(WIDEST_BAND, 0.7 * step) };
}

/** The trials that lie in all ranges. */
export function chosenOf(axes: readonly ParallelAxis[], brushes: Brushes): readonly number[] {
  const bounds = axes.flatMap(({ key, shares }) => {
    const range = brushes[key];
    return range ? [{ shares, range }] : [];
  });
  const rows = axes[0]?.shares.length ?? 0;
  return Array.from({ length: rows }, (_, row) => row).filter((row) =>
    bounds.every(({ shares, range: [low, high] }) => {
      const share = shares[row] ?? 0;
      return share >= low - EPSILON && share <= high + EPSILON;
    }),
  );
}

/** The ranges with one changed; one over the whole axis is none. */
export function withBrush(brushes: Brushes, key: string, range: Range): Brushes {
  const kept = Object.entries(brushes).filter(([other]) => other !== key);
  const isWhole = range[0] <= EPSILON && range[1] >= 1 - EPSILON;
  return Object.fromEntries(isWhole ? kept : [...kept, [key, range]]);
}

const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 },
  ...{ PageUp: 5, PageDown: -5, Home: -Infinity, End: Infinity },
};

/** Where a key leads an end of a range: never beyond the other one; null for a key that leads nowhere. */
export function moved(range: Range, end: 0 | 1, key: string, step: number): Range | null {
  const steps = STEPS[key];
  if (steps === undefined) return null;
  const to = Math.min(1, Math.max(0, range[end] + steps * step));
  return end === 0 ? [Math.min(to, range[1]), range[1]] : [range[0], Math.max(to, range[0])];
}

/** What lies at a place of an axis: the value nearest to it where there are few, else as far along as it is. */
export function valueAt({ stops, ends: [low, high] }: ParallelAxis, share: number): ParamValue {
  if (stops) {
    const nearest = [...stops].sort((a, b) => Math.abs(a.share - share) - Math.abs(b.share - share))[0];
    return nearest?.value ?? low;
  }
  if (typeof low !== "number" || typeof high !== "number") return low;
  return low + share * (high - low);
}
