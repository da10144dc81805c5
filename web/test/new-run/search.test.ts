import { describe, expect, test } from "vitest";
import { conditionPaths, freshSearch, searchPaths } from "@/features/new-run/search";
import type { SearchDraft } from "@/features/new-run/search";
import { searchBody } from "@/features/new-run/searchBody";

const written = (part: Partial<SearchDraft> = {}) => searchBody({ ...freshSearch, ...part }, (_, text) => Number(text));

test("a grid needs nothing but what ranks its trials", () => expect(written()).toEqual({ sortBy: "netProfit" }));
test("what a method does not use is not sent with it", () =>
  expect(written({ budget: "10", seed: "3" })).toEqual({ sortBy: "netProfit" }));
test("weights belong to the fitness alone", () => {
  expect(written({ sortBy: "fitness" })).toEqual({
    sortBy: "fitness",
    fitness: { weights: { sharpeRatio: 1, maxDrawdownPct: 0.1 } },
  });
  expect(written({ sortBy: "fitness", weights: [] })).toEqual({ sortBy: "fitness" });
});
test("walk-forward has its windows", () =>
  expect(written({ method: "walkForward", anchored: true }).walkForward).toEqual({
    windows: 5,
    outOfSamplePct: 25,
    anchored: true,
    objective: "sharpeRatio",
  }));
test("a number that is none is told where the request has it", () => {
  const paths: string[] = [];
  const filters = { ...freshSearch.filters, minNetProfit: "x" };
  searchBody({ ...freshSearch, filters, targetMetric: "y" }, (path) => paths.push(path));
  expect(paths).toEqual(["filters.minNetProfit", "stopRules.targetMetric"]);
});

describe("conditions", () => {
  test("are counted as they are sent, without empty rows", () =>
    expect(conditionPaths(["", "a < b", " ", "c > d"])).toEqual([null, "conditions[0]", null, "conditions[1]"]));
  test("have a control each", () =>
    expect(searchPaths({ ...freshSearch, conditions: ["a < b"] })).toContain("conditions[0]"));
});
