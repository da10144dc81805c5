import { describe, expect, test } from "vitest";
import {
  cellAt,
  cellOf,
  factsOf,
  isFolded,
  medianOf,
  moved,
  neighboursOf,
  parametersOf,
  ticksOf,
  valuesOf,
} from "@/features/optimization/surface/grid";
import { aSurface } from "../builders";

const surface = aSurface();

/** Four values of the slow period in two bins. */
const binned = aSurface({
  yValues: [30, 50],
  yBins: [
    [30, 40],
    [50, 60],
  ],
});

test("a cell has its parameters, its value and its count", () =>
  expect(factsOf(surface, { column: 2, row: 1 })).toEqual({
    spans: [
      { name: "fastPeriod", from: 15, to: 15 },
      { name: "slowPeriod", from: 60, to: 60 },
    ],
    value: 23,
    count: 1,
  }));
test("a bin has a first and a last value, and is run with the first", () => {
  const facts = factsOf(binned, { column: 0, row: 1 });
  expect(facts.spans[1]).toEqual({ name: "slowPeriod", from: 50, to: 60 });
  expect(parametersOf(facts)).toEqual({ fastPeriod: 5, slowPeriod: 50 });
});
test("rows rise from the bottom", () => {
  expect(cellAt(surface, 0.1, 0.9)).toEqual({ column: 0, row: 0 });
  expect(cellAt(surface, 0.9, 0.1)).toEqual({ column: 2, row: 1 });
});
test("beside the map is no cell", () => expect(cellAt(surface, 1, 0.5)).toBeNull());
test("values that are not known are none", () =>
  expect(
    valuesOf(
      aSurface({
        values: [
          [1, null, 2],
          [null, null, 3],
        ],
      }),
    ),
  ).toEqual([1, 2, 3]));
test("cells of several trials are folded", () => {
  expect(isFolded(surface)).toBe(false);
  expect(
    isFolded(
      aSurface({
        counts: [
          [1, 1, 1],
          [1, 2, 1],
        ],
      }),
    ),
  ).toBe(true);
});

describe("the keyboard", () => {
  const from = { column: 1, row: 0 };
  test.each([
    ["ArrowRight", { column: 2, row: 0 }],
    ["ArrowUp", { column: 1, row: 1 }],
    ["ArrowDown", { column: 1, row: 0 }],
    ["End", { column: 2, row: 0 }],
    ["PageUp", { column: 1, row: 1 }],
  ])("%s leads to %o", (key, cell) => expect(moved(surface, from, key)).toEqual(cell));
  test("begins at the corner", () => expect(moved(surface, null, "ArrowRight")).toEqual({ column: 1, row: 0 }));
  test("leaves other keys to the page", () => expect(moved(surface, from, "Tab")).toBeNull());
});

describe("the cell of a trial", () => {
  test("is where its parameters are", () =>
    expect(cellOf(surface, { fastPeriod: 10, slowPeriod: 60, quantity: 1 })).toEqual({ column: 1, row: 1 }));
  test("is the bin that its value falls into", () =>
    expect(cellOf(binned, { fastPeriod: 10, slowPeriod: 40 })).toEqual({ column: 1, row: 0 }));
  test("is none beyond the map", () => expect(cellOf(surface, { fastPeriod: 20, slowPeriod: 30 })).toBeNull());
  test("is found by text too", () =>
    expect(cellOf(aSurface({ xValues: ["ema", "sma"] }), { fastPeriod: "sma", slowPeriod: 30 })?.column).toBe(1));
  test("is none for a parameter that it does not have", () => expect(cellOf(surface, { fastPeriod: 10 })).toBeNull());
});

test.each([
  [3, 6, [0, 1, 2]],
  [100, 5, [0, 25, 50, 74, 99]],
])("of %i values at most %i are labelled", (count, most, places) => expect(ticksOf(count, most)).toEqual(places));

describe("the neighbours of a cell", () => {
  const surface = aSurface({
    values: [
      [11, null, 13],
      [21, 22, 23],
    ],
  });
  test("are those one step away that have a value", () => {
    expect(neighboursOf(surface, { column: 1, row: 1 })).toEqual({
      from: { column: 0, row: 0 },
      to: { column: 2, row: 1 },
      values: [11, 13, 21, 23],
    });
    expect(neighboursOf(surface, { column: 0, row: 0 })?.values).toEqual([21, 22]);
  });
  test("are none along choices, which have no next one", () => {
    const named = aSurface({ yValues: ["long", "short"] });
    expect(neighboursOf(named, { column: 1, row: 1 })?.values).toEqual([21, 23]);
  });
  test("are none where nothing else is known", () => {
    const alone = aSurface({ xValues: [5], yValues: [30], values: [[1]], counts: [[1]] });
    expect(neighboursOf(alone, { column: 0, row: 0 })).toBeNull();
  });
  test("have a median", () => {
    expect([medianOf([1, 2, 9]), medianOf([1, 2, 4, 9]), medianOf([])]).toEqual([2, 3, null]);
  });
});
