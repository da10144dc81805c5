import { describe, expect, test } from "vitest";
import type { WalkWindow } from "@/api/types";
import { barOf, reachOf } from "@/features/optimization/windowBars";

const window = (index: number, inSampleValue: number | null, outOfSampleValue: number | null): WalkWindow => ({
  ...{ index, inSampleValue, outOfSampleValue },
  ...{ inSampleStart: "", inSampleEnd: "", outOfSampleStart: "", outOfSampleEnd: "" },
});

describe("the bars of a walk-forward", () => {
  test("stand on zero, above it and below", () => {
    const reach = reachOf([window(0, 3, -1), window(1, 2, null)]);
    expect(reach).toEqual({ low: -1, high: 3, zero: 0.25 });
    expect(reach && barOf(reach, 3)).toEqual({ from: 0.25, size: 0.75 });
    expect(reach && barOf(reach, -1)).toEqual({ from: 0, size: 0.25 });
    expect(reach && barOf(reach, null)).toEqual({ from: 0.25, size: 0 });
  });
  test("are none where nothing is known, and flat where all is zero", () => {
    expect(reachOf([window(0, null, null)])).toBeNull();
    const flat = reachOf([window(0, 0, 0)]);
    expect(flat && barOf(flat, 0)).toEqual({ from: 0.5, size: 0 });
  });
});
