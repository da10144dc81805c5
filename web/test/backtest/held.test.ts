import { expect, test } from "vitest";
import type { BarRow, Bars } from "@/api/types";
import { heldCurve, heldReturnPct, liesFlat } from "@/features/backtest/equity/held";

const HOUR = 3_600_000;
const bars = (interval: number, rows: readonly (readonly [hour: number, open: number, close: number])[]): Bars => ({
  rows: rows.map(([hour, open, close]): BarRow => [hour * HOUR, open, Math.max(open, close), 1, close, 5]),
  interval,
  markers: [],
  indicators: {},
});

test("all cash is in the asset from the first open on, whatever it costs a unit", () => {
  const single = bars(HOUR, [
    [0, 200, 210],
    [1, 210, 190],
    [30, 195, 250],
  ]);
  expect(heldCurve(single, HOUR, 1000, [0, HOUR, 30 * HOUR])).toEqual([1050, 950, 1250]);
  expect(heldReturnPct(single)).toBe(25);
});
test("between the closes of rows of several bars the worth changes evenly, and the last bar has the last close", () => {
  const folded = bars(4 * HOUR, [
    [0, 100, 110],
    [4, 110, 120],
    [8, 120, 90], // of which the run has two bars
  ]);
  const worth = heldCurve(
    folded,
    HOUR,
    1000,
    [0, 3, 4, 7, 8, 9].map((hour) => hour * HOUR),
  );
  expect(worth).toEqual([1000, 1100, 1100, 1200, 1200, 900]);
});
test("without bars there is nothing to hold", () => {
  expect(heldCurve(bars(HOUR, []), HOUR, 1000, [0])).toEqual([]);
  expect(heldReturnPct(bars(HOUR, []))).toBeNull();
});
test("an equity that hardly moves is not pressed flat by what is held", () => {
  expect(liesFlat([100, 101], [100, 600])).toBe(true);
  expect(liesFlat([100, 140], [100, 600])).toBe(false);
});
