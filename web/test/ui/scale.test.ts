import { describe, expect, test } from "vitest";
import { histogram, scaleOf, shareOn } from "@/ui/chart/scale";

test("values of one sign run from the least to the most", () =>
  expect(scaleOf([3, 1, 2])).toEqual({ kind: "sequential", low: 1, high: 3, clipped: false }));
test("values of both signs have zero in the middle", () => {
  const scale = scaleOf([-1, 4]);
  expect(scale).toEqual({ kind: "diverging", low: -4, high: 4, clipped: false });
  expect(scale && shareOn(scale, 0)).toBe(0.5);
});
test("a freak value among many does not take the colours", () =>
  expect(scaleOf([...Array.from({ length: 200 }, (_, at) => at), 1e9])).toMatchObject({
    low: 2,
    high: 198,
    clipped: true,
  }));
test("equal values lie in the middle", () => {
  const scale = scaleOf([7, 7]);
  expect(scale && shareOn(scale, 7)).toBe(0.5);
});
test("without values there is no scale", () => expect(scaleOf([])).toBeNull());

describe("a histogram", () => {
  const values = Array.from({ length: 100 }, (_, at) => at);
  const bars = histogram(values, { kind: "sequential", low: 0, high: 99, clipped: false });
  test("counts every value once", () => expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(100));
  test("goes from end to end in even steps", () => {
    expect([bars[0]?.from, bars.at(-1)?.to]).toEqual([0, 99]);
    expect(bars).toHaveLength(10);
  });
  test("counts what lies beyond in the last bars", () => {
    const told = histogram([-5, 50, 500], { kind: "sequential", low: 0, high: 100, clipped: true });
    expect([told[0]?.count, told.at(-1)?.count]).toEqual([1, 1]);
  });
});
