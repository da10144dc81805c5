import { describe, expect, test } from "vitest";
import type { RunKind } from "@/api/types";
import { countOf, listOf, requestBody } from "@/features/new-run/body";
import { freshDraft, withRequest } from "@/features/new-run/draft";
import type { AxisDraft, Draft } from "@/features/new-run/draft";
import { aDataset, aParameter, aStrategy } from "../builders";

const strategy = aStrategy({
  parameters: [
    aParameter(),
    aParameter({ name: "stake", type: "float", default: 0.5, min: 0, max: 1, step: 0.1 }),
    aParameter({ name: "side", type: "choice", default: "long", min: null, max: null, choices: ["long", "short"] }),
    aParameter({ name: "strict", type: "bool", default: true, min: null, max: null }),
  ],
});
const draft = (kind: RunKind, part: Partial<Draft> = {}): Draft => ({
  ...freshDraft(kind, strategy, aDataset()),
  ...part,
});
const written = (it: Draft) => requestBody(it, strategy, [aDataset()]);

describe("a backtest", () => {
  test("takes defaults, the whole series and every setting along", () => {
    expect(written(draft("backtest")).body).toEqual({
      strategyName: "SmaCrossover",
      assetName: "AAPL",
      exchange: "NASDAQ",
      timeFrame: "1d",
      startTime: "2019-01-02T00:00:00.000Z",
      endTime: "2024-12-30T00:00:00.000Z",
      initialCash: 10_000,
      commission: { model: "rate", value: 0.001 },
      slippageTicks: 0,
      account: { type: "cash" },
      closeAtEnd: false,
      strategyParameters: { fastPeriod: 10, stake: 0.5, side: "long", strict: true },
    });
  });
  test("names every field without a number, and sends nothing", () => {
    const { body, errors } = written(draft("backtest", { initialCash: " ", values: { fastPeriod: "" } }));
    expect(body).toBeNull();
    expect([...errors.keys()]).toEqual(["initialCash", "strategyParameters.fastPeriod", "strategyParameters.stake"]);
  });
  test("names a period without a start", () => {
    expect(written(draft("backtest", { start: "" })).errors.has("startTime")).toBe(true);
  });
  test("gives leverage to margin accounts alone", () => {
    expect(written(draft("backtest", { account: "margin", leverage: "3" })).body?.account).toEqual({
      type: "margin",
      leverage: 3,
    });
  });
});

describe("an optimization", () => {
  test("has an axis for every parameter: proposed, or fixed at the default", () => {
    expect(written(draft("optimization")).body?.axes).toEqual({
      fastPeriod: { min: 5, max: 15, step: 1 },
      stake: { fixed: 0.5 },
      side: { fixed: "long" },
      strict: { fixed: true },
    });
  });
  test("reads lists by type", () => {
    const axes = draft("optimization").axes;
    const list = (name: string, values: string): AxisDraft => ({
      ...(axes[name] as AxisDraft),
      mode: "values",
      values,
    });
    const it = draft("optimization", {
      axes: {
        ...axes,
        stake: list("stake", "0.1, 0.25"),
        side: list("side", "long, short"),
        strict: list("strict", "true,false"),
      },
    });
    expect(written(it).body?.axes).toMatchObject({
      stake: { values: [0.1, 0.25] },
      side: { values: ["long", "short"] },
      strict: { values: [true, false] },
    });
  });
});

describe("a range that cannot be", () => {
  const wrong = (part: Partial<AxisDraft>): [string, string][] => {
    const it = draft("optimization");
    const fastPeriod = { ...(it.axes["fastPeriod"] as AxisDraft), ...part };
    return [...written({ ...it, axes: { ...it.axes, fastPeriod } }).errors];
  };
  test("is told at the boxes at fault, each with its reason", () => {
    expect(wrong({ min: "50", max: "5", step: "0" })).toEqual([
      ["axes.fastPeriod.min", "From exceeds To."],
      ["axes.fastPeriod.step", "Step must be more than 0."],
    ]);
  });
  test("leaves a box without a number with that reason alone", () => {
    expect(wrong({ min: "", max: "-1" })).toEqual([["axes.fastPeriod.min", "Enter a number."]]);
  });
});

describe("running again", () => {
  test.each(["backtest", "optimization"] as const)("a %s comes out of the form as it went in", (kind) => {
    const request = {
      strategyName: "SmaCrossover",
      assetName: "AAPL",
      exchange: "NASDAQ",
      timeFrame: "1d",
      startTime: "2020-01-02T10:00:30.000Z",
      endTime: "2021-12-30T00:00:00.000Z",
      initialCash: 2500.5,
      commission: { model: "rate" as const, value: 0.0007, minimum: 1 },
      slippageTicks: 2,
      account: { type: "margin" as const, leverage: 2, maintenanceRate: 0.3 },
      cashFlows: ["dividends" as const],
      riskFreeRate: 0.02,
      priority: "low",
      closeAtEnd: true,
      label: "mine",
      ...(kind === "backtest"
        ? { strategyParameters: { fastPeriod: 7, stake: 0.3, side: "short", strict: false } }
        : {
            axes: {
              fastPeriod: { values: [5, 10] },
              stake: { min: 0.1, max: 0.5, step: 0.2 },
              side: { fixed: "short" },
              strict: { values: [true, false] },
            },
            sortBy: "fitness",
            method: "nsga2" as const,
            budget: 200,
            seed: 7,
            conditions: ["fastPeriod < 40"],
            objectives: [
              { metric: "netProfit", direction: "max" as const },
              { metric: "turnover", direction: "min" as const },
            ],
            fitness: { weights: { sharpeRatio: 2, turnover: -0.5 } },
            filters: { minTotalTrades: 10, maxDrawdownPct: 20 },
            stopRules: { noImprovementTrials: 50, targetMetric: 3 },
            timeBudgetSeconds: 60,
            trialTimeoutSeconds: 5,
            keepCurves: 0,
            maxCombinations: 1_000_000,
          }),
    };
    expect(written(withRequest(draft(kind), request, strategy)).body).toEqual(request);
  });
  test("a commission per trade is the rate that it means", () => {
    const again = withRequest(draft("backtest"), { commissionPerTrade: 0.0005 }, strategy);
    expect(written(again).body?.commission).toEqual({ model: "rate", value: 0.0005 });
  });
});

describe("the values of an axis", () => {
  const range = (min: string, max: string, step: string): AxisDraft => ({ mode: "range", min, max, step, values: "" });
  test.each([
    [range("5", "50", "5"), 10],
    [range("0.1", "0.3", "0.1"), 3],
    [range("5", "5", "1"), 1],
    [range("5", "4", "1"), null],
    [range("5", "50", "0"), null],
    [range("", "50", "5"), null],
    [{ ...range("", "", ""), mode: "values" as const, values: "1, 2, 2," }, 2],
    [{ ...range("", "", ""), mode: "fixed" as const }, 1],
  ])("are counted: %o", (axis, count) => expect(countOf(axis)).toBe(count));
  test("may be separated as one likes", () => expect(listOf("1, 2;3  4,")).toEqual(["1", "2", "3", "4"]));
});
