import { expect, test } from "vitest";
import type { EquityPoint } from "@/api/types";
import { grow, join } from "@/features/backtest/equity/liveCurve";

const drawn: EquityPoint[] = [
  [0, 100, 0],
  [10, 200, 0],
  [20, 150, -25],
];

test("the tail takes what is newer and nothing else", () => {
  const tail = grow(grow([], 5, 100), 6, 101);
  expect(grow(tail, 6, 102)).toBe(tail);
  expect(tail).toEqual([
    [5, 100],
    [6, 101],
  ]);
});
test("a tail that grows too long is thinned by half", () => {
  let tail: ReturnType<typeof grow> = [];
  for (let bar = 0; bar <= 4000; bar += 1) tail = grow(tail, bar, 1);
  expect(tail).toHaveLength(2001);
  expect(tail.at(-1)?.[0]).toBe(4000);
});
test("live points lie below the peak of all that was before them", () => {
  expect(join(drawn, [[30, 100]]).at(-1)).toEqual([30, 100, -50]);
});
test("live points that the drawn curve has overtaken are left out", () => {
  expect(join(drawn, [[20, 1]])).toBe(drawn);
});
test("live points are as far apart as those of the drawn curve, but the newest is always there", () => {
  const tail = Array.from({ length: 14 }, (_, index) => [21 + index, 150] as const);
  expect(
    join(drawn, tail)
      .slice(drawn.length)
      .map(([ts]) => ts),
  ).toEqual([30, 34]);
});
test("before anything is drawn every live point shows", () => {
  expect(
    join(
      [],
      [
        [1, 10],
        [2, 5],
      ],
    ),
  ).toEqual([
    [1, 10, 0],
    [2, 5, -50],
  ]);
});
