import { describe, expect, test } from "vitest";
import { grow, join, NO_CURVE, recordsOf, toldOf } from "@/features/optimization/progress/bestCurve";
import { aTrial, someMetrics } from "../builders";

const told = (...pairs: [index: number, value: number][]) => pairs.map(([index, value]) => ({ index, value }));

describe("while it runs", () => {
  test("an update with a better value makes a record, one without only goes on", () => {
    const curve = grow(grow(grow(NO_CURVE, 4, 1), 8, 1), 12, 3);
    expect(curve).toEqual({
      records: [
        [4, 1],
        [12, 3],
      ],
      end: 12,
    });
  });
  test("nothing new is the same curve", () => {
    const curve = grow(NO_CURVE, 4, 1);
    expect(grow(curve, 4, 1)).toBe(curve);
    expect(grow(curve, 9, null)).toBe(curve);
  });
  test("what the trials told comes before what updates have told since", () =>
    expect(
      join(
        [
          [2, 1],
          [5, 3],
        ],
        {
          records: [
            [6, 3],
            [9, 4],
          ],
          end: 9,
        },
      ),
    ).toEqual({
      records: [
        [2, 1],
        [5, 3],
        [9, 4],
      ],
      end: 9,
    }));
});

describe("from the trials", () => {
  test("all records are found, from few of the trials", () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index * 7919) % 1009);
    const all = values.map((value, index) => ({ index, value }));
    const expected = all.filter(({ index, value }) => values.slice(0, index).every((before) => before < value));
    const best = [...all].sort((a, b) => b.value - a.value).slice(0, 50);
    expect(recordsOf(best, all.slice(0, 50))).toEqual(expected.map(({ index, value }) => [index + 1, value]));
  });
  test("less may be better", () =>
    expect(recordsOf(told([4, 1], [2, 3]), told([0, 9], [1, 12], [2, 3]))).toEqual([
      [1, 9],
      [3, 3],
      [5, 1],
    ]));
  test("of equal ones the first holds the lead", () =>
    expect(recordsOf(told([4, 5], [1, 5], [0, 2]), told([0, 2], [1, 5]))).toEqual([
      [1, 2],
      [2, 5],
    ]));
  test("those without a value are left out", () =>
    expect(
      toldOf(
        [aTrial({ index: 1, metrics: someMetrics({ sharpeRatio: null }) }), aTrial({ index: 2 })],
        (trial) => trial.metrics?.sharpeRatio,
      ),
    ).toEqual([{ index: 2, value: 1.5 }]));
});
