/** Returns by month, from an equity curve. */
import type { EquityPoint } from "@/api/types";

export interface Year {
  readonly year: number;
  /** Percent of each of the twelve months; null where the run has no bar in it. */
  readonly months: readonly (number | null)[];
  readonly total: number;
}

export interface Month {
  readonly year: number;
  /** 0–11. */
  readonly month: number;
  readonly returnPct: number;
}

const grown = (from: number, to: number): number => (from === 0 ? 0 : 100 * (to / from - 1));

/**
 * The months that have points, in order: each from the last equity before it to the last one in it, in UTC.
 *
 * The first one begins with `cash`, so that all of them together come to the return of the run.
 */
export function monthsOf(points: readonly EquityPoint[], cash: number): readonly Month[] {
  const ends = new Map<string, { year: number; month: number; equity: number }>();
  for (const [ts, equity] of points) {
    const moment = new Date(ts);
    const [year, month] = [moment.getUTCFullYear(), moment.getUTCMonth()];
    ends.set(`${String(year)}-${String(month)}`, { year, month, equity });
  }
  let before = cash;
  return [...ends.values()].map(({ year, month, equity }) => {
    const returnPct = grown(before, equity);
    before = equity;
    return { year, month, returnPct };
  });
}

/** The same, a row a year. */
export function yearsOf(months: readonly Month[]): readonly Year[] {
  const years = new Map<number, { months: (number | null)[]; factor: number }>();
  for (const { year, month, returnPct } of months) {
    const row = years.get(year) ?? { months: Array<number | null>(12).fill(null), factor: 1 };
    row.months[month] = returnPct;
    row.factor *= 1 + returnPct / 100;
    years.set(year, row);
  }
  return [...years].map(([year, row]) => ({ year, months: row.months, total: 100 * (row.factor - 1) }));
}

/** How strongly a value is coloured, 0–1: by its size among the others. */
export function strengthOf(value: number, months: readonly Month[]): number {
  const most = Math.max(...months.map(({ returnPct }) => Math.abs(returnPct)));
  return most > 0 ? Math.min(1, Math.sqrt(Math.abs(value) / most)) : 0;
}
