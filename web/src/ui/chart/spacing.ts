/** Where a curve lies on a time axis that gives every entry the same room. */
import type { Point } from "./EquityPlot";

/** A point, or the time of an entry that is left empty. */
export type Entry = Point | number;

/**
 * The points with empty entries between those that are further apart than most.
 *
 * Without them a flat stretch, of which a thinned curve keeps few points, would be drawn shorter than it lasted.
 * There are fewer empty entries than points.
 */
export function spaced(points: readonly Point[]): readonly Entry[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 3) return points;
  const usual = (last[0] - first[0]) / (points.length - 1);
  const entries: Entry[] = [];
  let before = first[0];
  for (const point of points) {
    const gap = point[0] - before;
    const steps = Math.round(gap / usual);
    for (let step = 1; step < steps; step += 1) entries.push(before + (gap * step) / steps);
    entries.push(point);
    before = point[0];
  }
  return entries;
}
