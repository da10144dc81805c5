import { describe, expect, test } from "vitest";
import { frontOf, pointsOf, spotsOf } from "@/features/optimization/front/points";
import { barsOf, placeOf } from "@/features/optimization/spread/bars";
import { aDistribution, aSample } from "../builders";

describe("the bars of a distribution", () => {
  test("reach from one end to the other, and count freaks at the ends", () => {
    const bars = barsOf(aDistribution({ below: 5, above: 7 }));
    expect(bars.map(({ from, to, count }) => [from, to, count])).toEqual([
      [-100, 0, 6],
      [0, 100, 0],
      [100, 200, 1],
      [200, 300, 9],
    ]);
  });
  test("are none without values", () => {
    expect(barsOf(aDistribution({ low: null, high: null, counts: [] }))).toEqual([]);
  });
  test("tell where a value lies, at the ends what lies beyond them", () => {
    expect([-500, 100, 900].map((value) => placeOf(aDistribution(), value))).toEqual([0, 0.5, 1]);
  });
});

describe("the front", () => {
  const sample = aSample({
    metrics: ["netProfit", "maxDrawdownPct"],
    values: [
      [300, 200, 100],
      [-9, -5, -7],
    ],
    onFront: [0, 1],
  });
  test("runs from left to right through the trials that no other beats", () => {
    const spots = spotsOf(pointsOf(sample, 0, 1));
    expect(spots).toHaveLength(3);
    expect(frontOf(spots).map(({ place }) => place)).toEqual([1, 0]);
    expect(spots.every(({ right, up }) => right > 0 && right < 1 && up > 0 && up < 1)).toBe(true);
  });
});
