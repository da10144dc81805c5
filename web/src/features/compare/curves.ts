/** Curves of different runs on one even axis of time. */

type Point = readonly [tsMs: number, equity: number, ...rest: number[]];
export type Scale = "percent" | "money";

export interface Line {
  readonly points: readonly Point[];
  /** What the run began with. */
  readonly cash: number;
}

export interface Grid {
  /** Whole seconds, even, rising. */
  readonly times: readonly number[];
  /** A line's values at these times; null before it begins and after it ends. */
  readonly values: readonly (readonly (number | null)[])[];
}

const MOST_TIMES = 2000;

/** The lines at common times: a chart gives every time that one of them has the same room, whatever lies between. */
export function onGrid(lines: readonly Line[], scale: Scale): Grid {
  const ends = lines.flatMap(({ points }) => [points[0]?.[0], points.at(-1)?.[0]]).filter((ts) => ts !== undefined);
  if (ends.length === 0) return { times: [], values: lines.map(() => []) };
  const first = Math.floor(Math.min(...ends) / 1000);
  const last = Math.ceil(Math.max(...ends) / 1000);
  const longest = Math.max(...lines.map(({ points }) => points.length));
  const count = Math.max(2, Math.min(MOST_TIMES, 2 * longest, last - first + 1));
  const times = Array.from({ length: count }, (_, index) => first + Math.round(((last - first) * index) / (count - 1)));
  return { times, values: lines.map((line) => along(line, times, scale)) };
}

function along({ points, cash }: Line, times: readonly number[], scale: Scale): (number | null)[] {
  const [first, last] = [points[0]?.[0], points.at(-1)?.[0]];
  let at = 0;
  return times.map((time) => {
    const ts = time * 1000;
    // the grid has whole seconds: a curve reaches the one that it ends in
    if (first === undefined || last === undefined || ts <= first - 1000 || ts >= last + 1000) return null;
    while (at + 1 < points.length && (points[at + 1]?.[0] ?? 0) <= ts) at += 1;
    const equity = between(points[at], points[at + 1], ts);
    if (equity === undefined) return null;
    return scale === "money" ? equity : cash > 0 ? (equity / cash - 1) * 100 : null;
  });
}

/** As the line that is drawn between two points has it. */
function between(before: Point | undefined, after: Point | undefined, ts: number): number | undefined {
  if (!before || !after || ts <= before[0]) return before?.[1];
  return before[1] + ((after[1] - before[1]) * (ts - before[0])) / (after[0] - before[0]);
}
