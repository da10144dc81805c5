import { expect, test } from "vitest";
import { aroundFlat, belowZero } from "@/ui/chart/ranges";
import { spaced } from "@/ui/chart/spacing";

const at = (tsMs: number) => [tsMs, 1, 0] as const;

test("drawdowns hang from zero", () => {
  expect(belowZero({ minValue: -7, maxValue: -2 })).toEqual({ minValue: -7, maxValue: 0 });
});
test("zero is on top for a run without a drawdown too", () => {
  expect(belowZero({ minValue: 0, maxValue: 0 })).toEqual({ minValue: -1, maxValue: 0 });
});
test("an equity that never moved has room around it", () => {
  expect(aroundFlat({ minValue: 10_000, maxValue: 10_000 })).toEqual({ minValue: 9_950, maxValue: 10_050 });
});
test("an equity that moved keeps its range", () => {
  expect(aroundFlat({ minValue: 1, maxValue: 2 })).toEqual({ minValue: 1, maxValue: 2 });
});
test("points at the same distance have nothing between them", () => {
  const points = [at(0), at(10), at(20)];
  expect(spaced(points)).toEqual(points);
});
test("a long gap is as wide as it lasts", () => {
  const points = [at(0), at(10), at(20), at(80), at(90), at(100)];
  expect(spaced(points).map((entry) => (typeof entry === "number" ? entry : entry[0]))).toEqual([
    0, 10, 20, 40, 60, 80, 90, 100,
  ]);
});
test("a curve too short to have gaps is left alone", () => expect(spaced([at(0), at(9)])).toEqual([at(0), at(9)]));
