import { expect, test } from "vitest";
import type { EquityPoint } from "@/api/types";
import { monthsOf, strengthOf, yearsOf } from "@/features/backtest/months/months";
import { inShort } from "@/features/backtest/months/MonthsPanel";

const at = (day: string, equity: number): EquityPoint => [Date.parse(`${day}T00:00:00Z`), equity, 0];
const points = [
  at("2023-11-10", 1000),
  at("2023-11-30", 1100),
  at("2023-12-31", 1045),
  at("2024-02-01", 1200),
  at("2024-02-29", 1254),
];
const months = monthsOf(points, 1000);

test("a month goes from the last equity before it to the last one in it", () => {
  expect(months.map(({ year, month, returnPct }) => [year, month, Number(returnPct.toFixed(6))])).toEqual([
    [2023, 10, 10],
    [2023, 11, -5],
    [2024, 1, 20],
  ]);
});
test("all months together come to the return of the run", () => {
  const grown = months.reduce((factor, { returnPct }) => factor * (1 + returnPct / 100), 1);
  expect(grown).toBeCloseTo(1.254, 12);
});
test("a year is what its months come to, and months without bars stay empty", () => {
  const [first, second] = yearsOf(months);
  expect(first?.total).toBeCloseTo(4.5, 10);
  expect(second?.months.map((value) => value !== null)).toEqual([false, true, ...Array<boolean>(10).fill(false)]);
  expect(second?.total).toBeCloseTo(20, 10);
});
test("the strongest month has the full colour", () => {
  expect(strengthOf(20, months)).toBe(1);
  expect(strengthOf(-5, months)).toBeCloseTo(0.5, 6);
  expect(strengthOf(0, [])).toBe(0);
});
test("months are told in short", () => {
  expect(inShort(months)).toBe("2 of 3 months gained; best Feb 2024 with +20.00%, worst Dec 2023 with -5.00%.");
  expect(inShort(months.slice(0, 1))).toBe("1 of 1 month gained.");
  expect(inShort([])).toBe("");
});
