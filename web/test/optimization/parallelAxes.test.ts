import { describe, expect, test } from "vitest";
import { axesOf, chosenOf, moved, valueAt, withBrush } from "@/features/optimization/parallel/axes";
import { shadesOf } from "@/features/optimization/parallel/paint";
import { aSample } from "../builders";

const sample = aSample({
  parameters: { fast: [5, 20, 10], mode: ["short", "long", "short"], turnover: [1, 2, 3] },
  values: [[300, 200, -100]],
});

describe("the axes of parallel coordinates", () => {
  const [fast, mode, turnover, metric] = axesOf({ ...sample, metrics: ["turnover"] }, ["fast", "mode", "turnover"]);
  test("are those of the parameters, then that of the metric, whatever they are called", () => {
    expect([fast?.key, mode?.key, turnover?.key, metric?.key]).toEqual(["fast", "mode", "turnover", "metric turnover"]);
  });
  test("have numbers where they are, and choices evenly apart", () => {
    expect(fast?.shares).toEqual([0, 1, 1 / 3]);
    expect(mode?.shares).toEqual([0.75, 0.25, 0.75]);
    expect(metric?.shares).toEqual([1, 0.75, 0]);
  });
  test("tell few values each, and of many the ends", () => {
    expect(fast?.stops?.map(({ value }) => value)).toEqual([5, 10, 20]);
    const many = Array.from({ length: 100 }, (_, at) => at);
    const [wide] = axesOf(aSample({ parameters: { fast: many }, values: [many] }), ["fast"]);
    expect([wide?.stops, wide?.ends]).toEqual([null, [0, 99]]);
  });
  test("are in the middle where all trials have one value", () => {
    const [one] = axesOf(aSample({ parameters: { fast: [7, 7, 7] } }), ["fast"]);
    expect(one?.shares).toEqual([0.5, 0.5, 0.5]);
  });
  test("leave out a parameter that the trials do not have", () => {
    expect(axesOf(sample, ["nothing"])).toHaveLength(1);
  });
  test("tell what lies at a place", () => {
    expect(fast && valueAt(fast, 0.3)).toBe(10);
    expect(metric && valueAt(metric, 0.25)).toBe(0);
    expect(mode && valueAt(mode, 1)).toBe("short");
  });
});

describe("a range", () => {
  const axes = axesOf(sample, ["fast", "mode"]);
  test("picks the trials in it, its ends included, and several what lies in all of them", () => {
    expect(chosenOf(axes, {})).toEqual([0, 1, 2]);
    expect(chosenOf(axes, { fast: [1 / 3, 1] })).toEqual([1, 2]);
    expect(chosenOf(axes, { fast: [0, 0.5], mode: [0.5, 1] })).toEqual([0, 2]);
    expect(chosenOf(axes, { fast: [0.4, 0.5] })).toEqual([]);
  });
  test("over the whole axis is none", () => {
    const brushes = withBrush({}, "fast", [0.2, 0.7]);
    expect(brushes).toEqual({ fast: [0.2, 0.7] });
    expect(withBrush(brushes, "fast", [0, 1])).toEqual({});
  });
  test("is moved by its ends, which never pass each other", () => {
    expect(moved([0, 1], 0, "ArrowUp", 0.25)).toEqual([0.25, 1]);
    expect(moved([0.5, 0.6], 1, "PageDown", 0.25)).toEqual([0.5, 0.5]);
    expect(moved([0.5, 0.6], 1, "End", 0.25)).toEqual([0.5, 1]);
    expect(moved([0.5, 0.6], 0, "Home", 0.25)).toEqual([0, 0.6]);
    expect(moved([0, 1], 0, "x", 0.25)).toBeNull();
  });
});

describe("the colours of the lines", () => {
  test("run from the least value to the greatest, whichever comes first", () => {
    expect(shadesOf([4, 2, 0])).toEqual([1, 0.5, 0]);
    expect(shadesOf([0, 4])).toEqual([0, 1]);
    expect(shadesOf([3, 3])).toEqual([0.5, 0.5]);
  });
  test("are not taken by a freak", () => {
    const shades = shadesOf([1e9, ...Array.from({ length: 199 }, (_, at) => 198 - at)]);
    expect(shades[0]).toBe(1);
    expect(shades[100]).toBeCloseTo(0.5, 1);
  });
});
