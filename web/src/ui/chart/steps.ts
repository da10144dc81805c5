/** The geometry of a line of steps, in a box of 1,000 × 100. */

export type Step = readonly [x: number, y: number];

interface Box {
  total: number;
  end: number;
  low: number;
  high: number;
}

const [WIDTH, HEIGHT] = [1000, 100];
const ROOM = 0.08;

/** The values with some room; a flat line lies in the middle. */
export function valueRange(points: readonly Step[]): readonly [low: number, high: number] {
  const values = points.map(([, y]) => y);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = most > least ? (most - least) * ROOM : Math.max(1, Math.abs(most));
  return [least - room, most + room];
}

/** The path of an SVG. */
export function pathOf(points: readonly Step[], { total, end, low, high }: Box): string {
  const right = (x: number): string => ((WIDTH * x) / Math.max(1, total)).toFixed(1);
  const down = (y: number): string => (HEIGHT * (1 - (y - low) / (high - low))).toFixed(2);
  const [first, ...rest] = points;
  if (!first) return "";
  return [
    `M${right(first[0])} ${down(first[1])}`,
    ...rest.map(([x, y]) => `H${right(x)}V${down(y)}`),
    `H${right(Math.max(end, points.at(-1)?.[0] ?? 0))}`,
  ].join("");
}

/** The point that holds at `x`; the first one before all. */
export const pointAt = (points: readonly Step[], x: number): Step | undefined =>
  points.findLast(([from]) => from <= x) ?? points[0];
