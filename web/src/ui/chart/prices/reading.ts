/** What stands in a row of bars, and what a whole window of them shows, as texts. */
import type { BarRow, Bars } from "@/api/types";
import { compact, exact, whole } from "@/format/numbers";
import { barTime, frameName } from "@/format/times";
import { spoken } from "@/format/words";

export interface Reading {
  readonly time: string;
  readonly values: readonly (readonly [name: string, value: string])[];
  readonly rising: boolean;
}

/** `bollinger.upper` → `Bollinger upper`. */
export const lineName = (name: string): string => spoken(name.replaceAll(".", " "));

/** As many digits as an average needs to be read. */
export const rounded = (value: number): string => exact(Number(value.toPrecision(7)));

export function readingOf({ rows, indicators }: Bars, row: number, timeFrame: string): Reading | null {
  const bar = rows[row];
  if (!bar) return null;
  const [ts, open, high, low, close, volume] = bar;
  return {
    time: barTime(ts, timeFrame),
    values: [
      ["Open", exact(open)],
      ["High", exact(high)],
      ["Low", exact(low)],
      ["Close", exact(close)],
      ["Volume", compact(volume)],
      ...Object.entries(indicators).map(([name, values]) => {
        const value = values[row] ?? null;
        return [lineName(name), value === null ? "–" : rounded(value)] as const;
      }),
    ],
    rising: close >= open,
  };
}

/** What is loaded, for those who do not see it: period, prices, fills. */
export function summaryOf({ rows, markers, interval }: Bars, name: string, timeFrame: string): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return `No bars of ${name}.`;
  const { low, high } = extremes(rows);
  const bought = markers.filter(({ side }) => side === "buy").length;
  return [
    `${name}, ${whole(rows.length)} candles of ${frameName(interval)}, ${barTime(first[0], timeFrame)} to ${barTime(last[0], timeFrame)}.`,
    `Prices from ${exact(low)} to ${exact(high)}; it opens at ${exact(first[1])} and closes at ${exact(last[4])}.`,
    `Marks: ${whole(bought)} bought, ${whole(markers.length - bought)} sold.`,
  ].join(" ");
}

function extremes(rows: readonly BarRow[]): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const [, , top, bottom] of rows) {
    low = Math.min(low, bottom);
    high = Math.max(high, top);
  }
  return { low, high };
}
