import { expect, test } from "vitest";
import { onGrid } from "@/features/compare/curves";

const DAY = 86_400_000;

test("lines of different times lie on one even axis, and none goes beyond its own", () => {
  const { times, values } = onGrid(
    [
      { cash: 100, points: [0, 1, 2, 3, 4].map((day) => [day * DAY, 100 + day * 10] as const) },
      { cash: 200, points: [[2 * DAY, 200] as const, [4 * DAY, 100] as const] },
    ],
    "percent",
  );
  expect(times[0]).toBe(0);
  expect(times.at(-1)).toBe((4 * DAY) / 1000);
  const steps = new Set(times.slice(1).map((time, index) => time - (times[index] ?? 0)));
  expect(steps.size).toBe(1);
  expect(values[0]?.[0]).toBe(0);
  expect(values[0]?.at(-1)).toBeCloseTo(40);
  expect(values[1]?.[0]).toBeNull();
  expect(values[1]?.at(-1)).toBeCloseTo(-50);
  expect(values[1]?.filter((value) => value !== null).every((value) => value <= 0 && value >= -50)).toBe(true);
});

test("in money a line is its equity", () => {
  const { values } = onGrid([{ cash: 100, points: [[500, 100] as const, [2500, 130] as const] }], "money");
  expect(values[0]?.[0]).toBe(100);
  expect(values[0]?.at(-1)).toBe(130);
});

test("long curves take no more places than a screen can show", () => {
  const points = Array.from({ length: 5000 }, (_, index) => [index * 60_000, 100] as const);
  expect(onGrid([{ cash: 100, points }], "money").times).toHaveLength(2000);
});

test("without points there is nothing", () => {
  expect(onGrid([{ cash: 100, points: [] }], "money")).toEqual({ times: [], values: [[]] });
});
