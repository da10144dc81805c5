import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import type { StatusBody } from "@/api/types";
import { OptimizationPage } from "@/features/optimization/OptimizationPage";
import { aState, aTrial, someMetrics } from "../builders";
import { renderPage } from "../fakes/page";
import type { FakeServer } from "../fakes/server";
import { aServer, completed, KEY, leader, result, sweep } from "./sweep";

let server: FakeServer;
beforeEach(() => {
  server = aServer();
});
/** Of the table's last page; the best curve asks for more at once. */
const trialsAsked = (): URLSearchParams | undefined =>
  server
    .to(`GET /api/optimizations/${KEY}/trials`)
    .filter(({ search }) => search.get("limit") === "25")
    .at(-1)?.search;

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
  test("a further attempt is told as one", async () => {
    server.on(`GET /api/optimizations/${KEY}/status`, () => running({ attempt: 2 }));
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByText(/^Attempt 2 is under way/)).toBeVisible();
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
  test("are ranked by a fitness where there is one, and those on the front are marked", async () => {
    const ranked = result({ sortBy: "fitness", paretoFront: ["trial3"] });
    server.on(`GET /api/optimizations/${KEY}/status`, () => ({ ...completed(), result: ranked }));
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByRole("columnheader", { name: "Fitness" })).toHaveAttribute("aria-sort", "descending");
    expect(trialsAsked()?.get("sort")).toBe("-fitness");
    expect(screen.getByRole("row", { name: /^3 On the front .* 100.0000 / })).toBeInTheDocument();
  });
  test("come in pages, and another order begins at the first", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await userEvent.click(await screen.findByRole("button", { name: "Next" }));
    await waitFor(() => expect(trialsAsked()?.get("cursor")).toBe("next"));
    await userEvent.click(screen.getByRole("button", { name: "Trades" }));
    await waitFor(() => expect(trialsAsked()?.has("cursor")).toBe(false));
  });
  test("are shown as the address says", async () => {
    renderPage(<OptimizationPage runKey={KEY} />, "/?sort=totalTrades&trials=Failed&metric=sharpeRatio&lines=luck");
    await screen.findByRole("region", { name: "Table of trials" });
    expect(Object.fromEntries(trialsAsked() ?? [])).toMatchObject({ sort: "totalTrades", status: "Failed" });
    expect(screen.getByRole("radio", { name: "Failed" })).toBeChecked();
    await screen.findByTestId("parallel-words");
    expect(server.to(`GET /api/optimizations/${KEY}/sample`)[0]?.search.get("metrics")).toBe("netProfit");
    expect(server.to(`GET /api/optimizations/${KEY}/surface`)[0]?.search.get("metric")).toBe("sharpeRatio");
  });
  test("are sorted by nothing that the address made up", async () => {
    renderPage(<OptimizationPage runKey={KEY} />, "/?sort=luck&trials=none");
    await screen.findByRole("region", { name: "Table of trials" });
    expect(trialsAsked()?.get("sort")).toBe("-netProfit");
    expect(screen.getByRole("radio", { name: "All" })).toBeChecked();
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

describe("the end", () => {
  test("unfolds a reason with the stack trace of one trial", async () => {
    const failed = aTrial({ index: 9, status: "Failed", metrics: null, errorStackTrace: "File y, line 7" });
    server.on(`GET /api/optimizations/${KEY}/trials/trial9`, () => failed);
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
