import { expect, test } from "vitest";
import { searchFacts } from "@/ui/run/search";

test("a request that leaves its search to the server says nothing of it", () => expect(searchFacts({})).toEqual([]));
test("what a search was told is told", () =>
  expect(
    searchFacts({
      ...{ method: "nsga2", budget: 2000, seed: 0, conditions: ["a < b", "b < c"] },
      objectives: [
        { metric: "netProfit", direction: "max" },
        { metric: "turnover", direction: "min" },
      ],
      ...{ fitness: { weights: { sharpeRatio: 2 } }, filters: { minTotalTrades: 10 } },
      ...{ stopRules: { noImprovementTrials: 50 }, timeBudgetSeconds: 1.5 },
      walkForward: { windows: 4, outOfSamplePct: 25, anchored: true },
    }),
  ).toEqual([
    ["Method", "NSGA-II"],
    ["Budget", "2,000 trials"],
    ["Seed", "0"],
    ["Conditions", "a < b, b < c"],
    ["Objectives", "Net profit up, Turnover down"],
    ["Weights", "Sharpe ratio 2"],
    ["Filters", "Min total trades 10"],
    ["Stops", "No improvement trials 50"],
    ["Time budget", "1.5 s"],
    ["Windows", "4, 25 % out of sample, anchored"],
  ]));
