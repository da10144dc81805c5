import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import type { OptimizationResult, StatusBody } from "@/api/types";
import { OptimizationPage } from "@/features/optimization/OptimizationPage";
import { aDataset, aRunInfo, aState, aStatus, aSurface, aTrial, someMetrics } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer } from "../fakes/server";

const KEY = aRunInfo().runKey;
const AXES = { fastPeriod: { min: 5, max: 50, step: 5 }, slowPeriod: { fixed: 30 } };
const sweep = (part: Partial<StatusBody> = {}): StatusBody =>
  aStatus({ kind: "optimization", unit: "combinations", total: 10, axes: AXES, ...part });
const leader = { trialKey: "trial3", parameters: { fastPeriod: 20, slowPeriod: 30 }, value: 321.5 };
const result = (part: Partial<OptimizationResult> = {}): OptimizationResult => ({
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
  ...{ skipped: 0, filtered: 0, reused: 0, best: leader, trialsTotal: 10, robustness: null, walkForward: null },
  failures: [{ message: "ZeroDivisionError: by zero", count: 2, exampleTrialKey: "trial9" }],
  trials: [aTrial({ index: 3, metrics: someMetrics({ netProfit: 321.5 }) })],
  ...part,
});
const completed = (): StatusBody =>
  sweep({ status: "Completed", processed: 8, failed: 2, resultAttempt: 1, rev: [1, 9], result: result() });

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer()
    .on("GET /api/datasets", () => [aDataset()])
    .on(`GET /api/optimizations/${KEY}/status`, completed)
    .on(`GET /api/optimizations/${KEY}`, () => ({ ...completed(), request: { sortBy: "netProfit" } }))
    .on(`GET /api/optimizations/${KEY}/surface`, () => aSurface({ total: 10 }))
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
});
/** Of the table's last page; the best curve asks for more at once. */
const trialsAsked = (): URLSearchParams | undefined =>
  server
    .to(`GET /api/optimizations/${KEY}/trials`)
    .filter(({ search }) => search.get("limit") === "25")
    .at(-1)?.search;
const surfaceAsked = (): Record<string, string> | undefined => {
  const last = server.to(`GET /api/optimizations/${KEY}/surface`).at(-1);
  return last && Object.fromEntries(last.search);
};

describe("while it runs", () => {
  const running = (part: Partial<StatusBody> = {}): StatusBody =>
    sweep({ processed: 4, ratePerSecond: 2, etaSeconds: 3, top: [leader], best: leader, ...part });

  test("it tells how far it is, how fast, how long, and what failed", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => running({ failed: 1, lastError: "by zero" }));
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByTestId("progress-line")).toHaveTextContent(
      "Processed 5 / 10 Combinations · 2 combinations/s · about 3 s left",
    );
    const progress = screen.getByRole("region", { name: "Progress" });
    expect(within(progress).getByText("Failed").nextSibling).toHaveTextContent("1");
    expect(progress).toHaveTextContent("Last error: by zero");
  });
  test("the leaders move with the socket", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => running());
    const { around, goLive } = renderPage(<OptimizationPage runKey={KEY} />);
    await screen.findByTestId("leaders");
    goLive();
    const better = { trialKey: "trial5", parameters: { fastPeriod: 30, slowPeriod: 30 }, value: 999 };
    act(() =>
      around.socket.says({
        type: "update",
        runKey: KEY,
        attempt: 1,
        rev: [1, 8],
        state: aState({ total: 10, processed: 6, best: better, top: [better, leader] }),
      }),
    );
    const [first] = within(screen.getByTestId("leaders")).getAllByRole("row").slice(1);
    expect(first).toHaveTextContent("30");
    expect(first).toHaveTextContent("999.00");
  });
  test("the trials that have just ended come first: the best stand above", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => running());
    renderPage(<OptimizationPage runKey={KEY} />);
    await screen.findByRole("region", { name: "Table of trials" });
    expect(trialsAsked()?.get("sort")).toBe("-index");
  });
  test("the best value so far grows with the updates", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => running());
    const { around, goLive } = renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByTestId("best-curve")).toHaveTextContent("Best so far: Net profit");
    goLive();
    const best = { ...leader, value: 999 };
    const state = aState({ total: 10, processed: 6, best, top: [best] });
    act(() => around.socket.says({ type: "update", runKey: KEY, attempt: 1, rev: [1, 8], state }));
    expect(screen.getByTestId("best-curve")).toHaveTextContent("6 trials: +999.00");
  });
  test("a waiting one tells its place in the queue", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () =>
      sweep({ status: "Pending", phase: "queued", queuePosition: 3 }),
    );
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByText("Queued, number 3")).toBeInTheDocument();
  });
  test("it can be cancelled", async () => {
    server
      .on(`GET /api/optimizations/${KEY}/status`, () => running())
      .on(`POST /api/optimizations/${KEY}/cancel`, () => ({ runKey: KEY, status: "Running", cancelRequested: true }));
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(server.to(`POST /api/optimizations/${KEY}/cancel`)).toHaveLength(1);
  });
});

describe("the trials of a finished one", () => {
  test("come best first", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await screen.findByRole("table");
    expect(trialsAsked()?.get("sort")).toBe("-netProfit");
  });
  test("are sorted by the server, by a metric or a parameter, falling first", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByRole("button", { name: "Sharpe ratio" }));
    await waitFor(() => expect(trialsAsked()?.get("sort")).toBe("-sharpeRatio"));
    await userEvent.click(screen.getByRole("button", { name: "Fast period" }));
    await userEvent.click(screen.getByRole("button", { name: "Fast period" }));
    await waitFor(() => expect(trialsAsked()?.get("sort")).toBe("fastPeriod"));
    expect(screen.getByRole("columnheader", { name: "Fast period" })).toHaveAttribute("aria-sort", "ascending");
  });
  test("come in pages, and another order begins at the first", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByRole("button", { name: "Next" }));
    await waitFor(() => expect(trialsAsked()?.get("cursor")).toBe("next"));
    await userEvent.click(screen.getByRole("button", { name: "Trades" }));
    await waitFor(() => expect(trialsAsked()?.has("cursor")).toBe(false));
  });
  test("are filtered by status", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByRole("button", { name: "Show the failed trials" }));
    await waitFor(() => expect(trialsAsked()?.get("status")).toBe("Failed"));
    expect(screen.getByRole("radio", { name: "Failed" })).toBeChecked();
  });
  test("that failed unfold their message and stack trace", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByRole("button", { name: "Why trial 9 failed" }));
    expect(screen.getByTestId("trial-trace")).toHaveTextContent("File x, line 3");
  });
  test("have columns for what varies, not for what is fixed", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await screen.findByRole("columnheader", { name: "Fast period" });
    expect(screen.queryByRole("columnheader", { name: "Slow period" })).not.toBeInTheDocument();
  });
  test("lead to the form of a backtest", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    const [link] = await screen.findAllByRole("link", { name: "Backtest" });
    const search = new URL(link?.getAttribute("href") ?? "", "http://page.test").searchParams;
    expect(JSON.parse(search.get("trial") ?? "")).toEqual({ fastPeriod: 5, slowPeriod: 30 });
  });
});

describe("the heat map", () => {
  const wide = { fastPeriod: { min: 5, max: 15, step: 5 }, slowPeriod: { values: [30, 60] }, mode: { values: [1, 2] } };
  beforeEach(() => server.on(`GET /api/optimizations/${KEY}/status`, () => ({ ...completed(), axes: wide })));
  const map = () => screen.findByTestId("heat-map");

  test("begins with the first two parameters that vary, and what the trials are ranked by", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await map();
    expect(surfaceAsked()).toEqual({
      ...{ x: "fastPeriod", y: "slowPeriod", metric: "netProfit", fold: "best", bins: "120" },
    });
    expect(screen.getByText("6 of 10 trials")).toBeVisible();
  });
  test("shows other parameters, another metric, and several trials as their median", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await map();
    await userEvent.selectOptions(screen.getByLabelText("Across"), "Slow period");
    await waitFor(() => expect(surfaceAsked()).toMatchObject({ x: "slowPeriod", y: "fastPeriod" }));
    await userEvent.selectOptions(screen.getByLabelText("Metric"), "Sharpe ratio");
    await userEvent.selectOptions(screen.getByLabelText("The others"), "Their median");
    await waitFor(() => expect(surfaceAsked()).toMatchObject({ metric: "sharpeRatio", fold: "median" }));
  });
  test("shows those alone that are else as the best trial is", async () => {
    const best = { ...leader, parameters: { fastPeriod: 10, slowPeriod: 60, mode: 2 } };
    const status = (): StatusBody => ({ ...completed(), axes: wide, result: result({ best }) });
    server.on(`GET /api/optimizations/${KEY}/status`, status);
    renderPage(<OptimizationPage runKey={KEY} />);
    await map();
    await userEvent.selectOptions(screen.getByLabelText("The others"), "As the best trial");
    await waitFor(() => expect(surfaceAsked()).toMatchObject({ fold: "best", fixed: '{"mode":2}' }));
  });
  test("is read with the arrow keys, and a cell becomes a backtest with what the best trial has else", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    (await map()).focus();
    await userEvent.keyboard("{Home}{ArrowUp}{ArrowRight}");
    expect(screen.getByTestId("cell")).toHaveTextContent("Fast period 10");
    expect(screen.getByTestId("cell")).toHaveTextContent("Slow period 60");
    expect(screen.getByTestId("cell")).toHaveTextContent("+22.00");
    await userEvent.keyboard("{Enter}");
    const link = screen.getByRole("link", { name: "Backtest this cell" });
    const search = new URL(link.getAttribute("href") ?? "", "http://page.test").searchParams;
    expect(JSON.parse(search.get("trial") ?? "")).toEqual({ fastPeriod: 10, slowPeriod: 60 });
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("link", { name: "Backtest this cell" })).not.toBeInTheDocument();
  });
  test("is not there for a strategy with one parameter", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => ({
      ...completed(),
      axes: { fastPeriod: { min: 5, max: 9 } },
    }));
    renderPage(<OptimizationPage runKey={KEY} />);
    await screen.findByRole("region", { name: "Table of trials" });
    expect(screen.queryByRole("heading", { name: "Heat map" })).not.toBeInTheDocument();
  });
});

describe("the end", () => {
  test("unfolds a reason with the stack trace of one trial", async () => {
    const failed = aTrial({ index: 9, status: "Failed", metrics: null, errorStackTrace: "File y, line 7" });
    server.on(`GET /api/optimizations/${KEY}/trials`, ({ search }) => ({
      items: search.get("status") === "TimedOut" ? [] : [failed],
      nextCursor: null,
      totalCount: 1,
    }));
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByText("ZeroDivisionError: by zero"));
    expect(await screen.findByTestId("failure-trace")).toHaveTextContent("File y, line 7");
  });
  test("tells how good the neighbours of the best are", async () => {
    const leaders = [{ trialKey: "trial3", value: 321.5, neighbours: 2, median: 160.75, spread: 12 }];
    const robustness = { deflatedSharpe: 0.91, trials: 10, leaders };
    server.on(`GET /api/optimizations/${KEY}/status`, () => ({ ...completed(), result: result({ robustness }) }));
    renderPage(<OptimizationPage runKey={KEY} />);
    const panel = await screen.findByTestId("robustness");
    expect(within(panel).getByText("Deflated Sharpe ratio").nextSibling).toHaveTextContent("0.91");
    expect(within(panel).getByText("Kept by the neighbours").nextSibling).toHaveTextContent("50%");
    expect(within(panel).getAllByRole("row")[1]).toHaveTextContent("120+321.502+160.75+12.00");
  });
  test("of a walk-forward one tells its windows, each with the way to its backtest", async () => {
    const window = {
      ...{ index: 0, inSampleStart: "2019-01-02T00:00:00.000Z", inSampleEnd: "2019-12-30T00:00:00.000Z" },
      ...{ outOfSampleStart: "2019-12-31T00:00:00.000Z", outOfSampleEnd: "2020-03-30T00:00:00.000Z" },
      ...{ parameters: { fastPeriod: 15 }, inSampleValue: 2, outOfSampleValue: 1, efficiency: 0.5 },
    };
    const walkForward = { windows: [window], efficiency: 0.5, metrics: someMetrics(), equity: null };
    server.on(`GET /api/optimizations/${KEY}/status`, () => ({ ...completed(), result: result({ walkForward }) }));
    renderPage(<OptimizationPage runKey={KEY} />);
    const panel = await screen.findByTestId("walk-forward");
    expect(within(panel).getAllByText("Efficiency")[0]?.nextSibling).toHaveTextContent("50%");
    expect(within(panel).getAllByRole("row")[1]).toHaveTextContent("Dec 31, 2019 – Mar 30, 2020152.001.0050%");
    const link = within(panel).getByRole("link", { name: "Backtest" });
    expect(link.getAttribute("href")).toContain("start=2019-12-31T00%3A00%3A00.000Z");
  });
  test("tells the best, the counts and the failures by reason", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByTestId("counts")).toHaveTextContent("10 combinations: 8 completed, 2 failed");
    expect(screen.getByTestId("failures")).toHaveTextContent("2 ×ZeroDivisionError: by zero");
    expect(screen.getByTestId("best")).toHaveTextContent("Fast period 20");
  });
  test("of a failed one is its message and stack trace", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () =>
      sweep({ status: "Failed", errorMessage: "the worker died", errorStackTrace: "Traceback …" }),
    );
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByTestId("error-message")).toHaveTextContent("the worker died");
    expect(screen.getByTestId("stack-trace")).toHaveTextContent("Traceback");
  });
  test("of a cancelled one keeps the finished trials", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => sweep({ status: "Cancelled", processed: 4 }));
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByText("This optimization was cancelled.")).toBeInTheDocument();
    expect(await screen.findByRole("region", { name: "Table of trials" })).toBeInTheDocument();
  });
});
