/** What a server says of requests that the form sends. */
import { aDataset, aStrategy } from "../builders";
import { FakeServer } from "../fakes/server";

export const KEY = "SmaCrossover_1.0.0_20190102-20241230_0123";
export const submission = (part: object = {}) => ({
  runKey: KEY,
  kind: "backtest",
  attempt: 1,
  status: "Pending",
  isDedup: false,
  dedup: "none",
  queuePosition: 1,
  links: {},
  totalBars: 1509,
  ...part,
});
export const evaluation = (part: object = {}) => ({
  totalCombinations: 11,
  uniqueCombinations: 11,
  exact: true,
  exceedsMaxCombinations: false,
  maxCombinations: 500_000,
  estimatedSeconds: 3,
  estimatedBytes: 4400,
  reusedTrials: 0,
  ...part,
});

export const aServer = (): FakeServer =>
  new FakeServer()
    .on("GET /api/strategies", () => ({ items: [aStrategy()] }))
    .on("GET /api/datasets", () => ({
      items: [aDataset(), aDataset({ id: "syn", assetName: "WALK", synthetic: true })],
    }))
    .on("POST /api/backtests", () => submission())
    .on("POST /api/optimizations", () =>
      submission({ kind: "optimization", totalBars: undefined, totalCombinations: 11 }),
    )
    .on("POST /api/optimizations/evaluate", () => evaluation());

/** What was really submitted, dry runs aside. */
export const submitted = (server: FakeServer, kind: string): unknown[] =>
  server
    .to(`POST /api/${kind}`)
    .filter(({ search }) => !search.has("dryRun"))
    .map(({ body }) => body);
