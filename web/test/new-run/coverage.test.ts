import { expect, test } from "vitest";
import { coverageOf } from "@/features/new-run/coverage";
import { aDataset } from "../builders";

const DAY = 86_400_000;
const day = (number: number) => new Date(Date.UTC(2024, 0, 1) + number * DAY).toISOString();
const field = (number: number) => day(number).slice(0, 16);
const gap = (from: number, to: number) => ({ from: day(from), to: day(to), bars: to - from + 1 });

const dataset = aDataset({ first: day(0), last: day(100), gaps: [gap(60, 70), gap(10, 15)], gapCount: 2 });

test("gaps are told in order of time, as shares of the series", () => {
  expect(coverageOf(dataset, field(0), field(100)).gaps).toEqual([
    { left: 10, width: 5 },
    { left: 60, width: 10 },
  ]);
});

test("the chosen part has the gaps that reach into it", () => {
  const { chosen, within } = coverageOf(dataset, field(15), field(55));
  expect(chosen).toEqual({ left: 15, width: 40 });
  expect(within).toEqual([gap(10, 15)]);
});

test("what reaches beyond the series is cut", () => {
  expect(coverageOf(dataset, field(-20), field(500)).chosen).toEqual({ left: 0, width: 100 });
});

test("nothing is chosen while a field is empty or the end comes first", () => {
  for (const [start, end] of [
    ["", field(5)],
    [field(9), field(5)],
  ] as const)
    expect(coverageOf(dataset, start, end)).toMatchObject({ chosen: null, within: [] });
});

test("a series of one bar has a length", () => {
  const one = aDataset({ first: day(0), last: day(0), gaps: [] });
  expect(coverageOf(one, field(0), field(0)).chosen).toEqual({ left: 0, width: 0 });
});
