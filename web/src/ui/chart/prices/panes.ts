/** Where the indicators of a price chart go: over the prices, or into panes of their own. */
import type { Bars } from "@/api/types";

/** One line: the indicator's name, its pane (0: that of the prices), and its place among all lines, for its colour. */
export interface Line {
  readonly name: string;
  readonly pane: number;
  readonly colour: number;
}

/** Prices are compared with an average a third away, but not with an index that happens to be near. */
const FARTHEST = 0.5;
const MOST_PANES = 4;

/** `bollinger` of `bollinger.upper`: the lines of one indicator belong together. */
const groupOf = (name: string): string => name.split(".")[0] ?? name;

export function linesOf({ rows, indicators }: Pick<Bars, "rows" | "indicators">): readonly Line[] {
  const groups = new Map<string, string[]>();
  for (const name of Object.keys(indicators)) groups.set(groupOf(name), [...(groups.get(groupOf(name)) ?? []), name]);
  const lines: Line[] = [];
  let below = 0;
  for (const names of groups.values()) {
    const over = names.every((name) => isAPrice(indicators[name] ?? [], rows));
    if (!over) below = Math.min(below + 1, MOST_PANES);
    for (const name of names) lines.push({ name, pane: over ? 0 : below, colour: lines.length });
  }
  return lines;
}

/** Whether nearly all of the values are as large as the closes beside them. */
function isAPrice(values: readonly (number | null)[], rows: Bars["rows"]): boolean {
  let [near, all] = [0, 0];
  values.forEach((value, index) => {
    const close = rows[index]?.[4];
    if (value === null || close === undefined) return;
    all += 1;
    if (Math.abs(value - close) <= FARTHEST * Math.abs(close)) near += 1;
  });
  return all > 0 && near >= 0.9 * all;
}
