/** Results of backtests, complete, with what a test is about changed. */
import type { BacktestResult } from "@/api/types";
import { someMetrics } from "../builders";

const SETTINGS = {
  startTime: "2019-01-02T00:00:00.000Z",
  endTime: "2024-12-30T00:00:00.000Z",
  initialCash: 10_000,
  slippageTicks: 0,
};

export const aResult = (part: Partial<BacktestResult> = {}): BacktestResult => ({
  runKey: "one",
  attempt: 1,
  strategyName: "SmaCrossover",
  strategyVersion: "1.0.0",
  sourceHash: "ab".repeat(20),
  engineVersion: "1.2.0",
  mode: "compiled",
  settings: SETTINGS as never,
  data: [
    {
      datasetId: "aapl-1",
      contentHash: "cd".repeat(12),
      rows: 1509,
      first: SETTINGS.startTime,
      last: SETTINGS.endTime,
      synthetic: false,
      assetName: "AAPL",
      exchange: "NASDAQ",
      timeFrame: "1d",
      cashFlows: [],
    },
  ],
  startedAt: "2025-01-01T00:00:00.000Z",
  completedAt: "2025-01-01T00:00:01.000Z",
  durationMs: 1000,
  simulateMs: 5,
  totalBars: 1509,
  warnings: [],
  rejectedOrders: 0,
  hasEventLog: false,
  trialKey: "trial",
  parameters: { fastPeriod: 5, slowPeriod: 50 },
  metrics: someMetrics(),
  ...part,
});
