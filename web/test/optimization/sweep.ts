/** An optimization of ten trials, and a server that has it. */
import type { OptimizationResult, StatusBody } from "@/api/types";
import { aDataset, aDistribution, aRunInfo, aSample, aStatus, aSurface, aTrial, someMetrics } from "../builders";
import { FakeServer } from "../fakes/server";

export const KEY = aRunInfo().runKey;
const AXES = { fastPeriod: { min: 5, max: 50, step: 5 }, slowPeriod: { fixed: 30 } };
export const sweep = (part: Partial<StatusBody> = {}): StatusBody =>
  aStatus({ kind: "optimization", unit: "combinations", total: 10, axes: AXES, ...part });
export const leader = { trialKey: "trial3", parameters: { fastPeriod: 20, slowPeriod: 30 }, value: 321.5 };
export const result = (part: Partial<OptimizationResult> = {}): OptimizationResult => ({
  ...{ runKey: KEY, attempt: 1, strategyName: "SmaCrossover", strategyVersion: "1.0.0", sourceHash: "ab" },
  ...{ engineVersion: "1.0.0", mode: "compiled", settings: {}, data: [], startedAt: "", completedAt: "" },
  ...{ durationMs: 1000, simulateMs: 900, totalBars: 15_090, warnings: [], rejectedOrders: 0, hasEventLog: false },
  ...{
    axes: AXES as unknown as OptimizationResult["axes"],
    method: "grid",
    seed: 0,
    sortBy: "netProfit",
    totalCombinations: 10,
    completed: 8,
    failed: 2,
  },
  ...{
    skipped: 0,
    filtered: 0,
    reused: 0,
    best: leader,
    trialsTotal: 10,
    robustness: null,
    walkForward: null,
    paretoFront: null,
  },
  failures: [{ message: "ZeroDivisionError: by zero", count: 2, exampleTrialKey: "trial9" }],
  trials: [aTrial({ index: 3, metrics: someMetrics({ netProfit: 321.5 }) })],
  ...part,
});
export const completed = (): StatusBody =>
  sweep({ status: "Completed", processed: 8, failed: 2, resultAttempt: 1, rev: [1, 9], result: result() });

export const aServer = (): FakeServer =>
  new FakeServer()
    .on("GET /api/datasets", () => [aDataset()])
    .on(`GET /api/optimizations/${KEY}/status`, completed)
    .on(`GET /api/optimizations/${KEY}`, () => ({ ...completed(), request: { sortBy: "netProfit" } }))
    .on(`GET /api/optimizations/${KEY}/surface`, () => aSurface({ total: 10 }))
    .on(`GET /api/optimizations/${KEY}/sample`, () => aSample())
    .on(`GET /api/optimizations/${KEY}/distribution`, () => aDistribution())
    .on(`GET /api/optimizations/${KEY}/trials`, ({ search }) => {
      const failed = aTrial({
        index: 9,
        status: "Failed",
        metrics: null,
        errorMessage: "by zero",
        errorStackTrace: "File x, line 3",
      });
      const items = search.get("status") === "Failed" ? [failed] : [aTrial({ index: 3 }), failed];
      return { items, nextCursor: search.has("cursor") ? null : "next", totalCount: 10 };
    });
