/** Trials as points of two objectives, and the line along those that no other one beats. */
import type { Sample } from "@/api/types";

export interface Point {
  /** Its place in the columns of the sample. */
  readonly place: number;
  readonly x: number;
  readonly y: number;
  readonly isFront: boolean;
}

/** Shares from the left and from the bottom. */
export interface Spot extends Point {
  readonly right: number;
  readonly up: number;
}

export function pointsOf({ index, values, onFront }: Sample, x: number, y: number): readonly Point[] {
  const front = new Set(onFront);
  return index.flatMap((_, place) => {
    const [across, upwards] = [values[x]?.[place], values[y]?.[place]];
    return across === undefined || upwards === undefined
      ? []
      : [{ place, x: across, y: upwards, isFront: front.has(place) }];
  });
}

/** Where the points lie between the least and the greatest of them, with some room. */
export function spotsOf(points: readonly Point[]): readonly Spot[] {
  const across = rangeOf(points.map(({ x }) => x));
  const upwards = rangeOf(points.map(({ y }) => y));
  return points.map((point) => ({ ...point, right: shareOf(across, point.x), up: shareOf(upwards, point.y) }));
}

type Range = readonly [low: number, high: number];
const ROOM = 0.05;

export function rangeOf(values: readonly number[]): Range {
  const [low, high] = values.reduce<Range>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  const room = high > low ? (high - low) * ROOM : Math.max(1, Math.abs(high));
  return [low - room, high + room];
}

const shareOf = ([low, high]: Range, value: number): number => (value - low) / (high - low);

/** The front from left to right. */
export const frontOf = (spots: readonly Spot[]): readonly Spot[] =>
  spots.filter(({ isFront }) => isFront).sort((a, b) => a.right - b.right || a.up - b.up);
