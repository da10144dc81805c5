import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { ComparePage } from "@/features/compare/ComparePage";
import type { StatusBody } from "@/api/types";
import { aStatus, someMetrics } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer, Refusal } from "../fakes/server";
import { aResult } from "./results";

vi.mock("@/features/compare/ComparePlot", () => ({ default: () => <div role="img" aria-label="curves" /> }));

let server: FakeServer;
const known = (runKey: string, part: Partial<StatusBody> = {}): void =>
  void server
    .on(`GET /api/backtests/${runKey}/status`, () =>
      aStatus({ runKey, label: runKey, status: "Completed", resultAttempt: 1, ...part }),
    )
    .on(`GET /api/backtests/${runKey}/equity`, () => ({
      points: [
        [0, 10_000, 0],
        [86_400_000, 10_100, 0],
      ],
      total: 2,
    }));

beforeEach(() => {
  server = new FakeServer();
  known("one", { result: aResult({ metrics: someMetrics({ sharpeRatio: 1 }) }) });
  known("two", { result: aResult({ parameters: { fastPeriod: 9 }, metrics: someMetrics({ sharpeRatio: 2 }) }) });
});

test("a bare address shows the runs that it names, with the best and the differences marked", async () => {
  renderPage(<ComparePage />, "/compare?runs=one,two");
  const sharpe = await screen.findByRole("row", { name: /Sharpe ratio/ });
  expect(within(sharpe).getByRole("cell", { name: "2.00 best" })).toBeVisible();
  expect(screen.getByRole("row", { name: /Fast period/ })).toHaveClass("differs");
  await screen.findByRole("img", { name: "curves" });
  expect(screen.getByTestId("readings")).toHaveTextContent("A +1.00%B +1.00%at the end");
});

test("runs that are missing, unfinished or optimizations are named with the reason", async () => {
  known("moving", { status: "Running", processed: 755, result: null, resultAttempt: null });
  known("failed", { status: "Failed", result: null, resultAttempt: null });
  const missing = (): Refusal => new Refusal(404, { code: "run_not_found", detail: "No run." });
  server
    .on("GET /api/backtests/sweep/status", missing)
    .on("GET /api/optimizations/sweep/status", () => aStatus({ runKey: "sweep", kind: "optimization" }))
    .on("GET /api/backtests/gone/status", missing)
    .on("GET /api/optimizations/gone/status", missing);
  renderPage(<ComparePage />, "/compare?runs=one,moving,failed,sweep,gone");
  const problems = await screen.findByTestId("problems");
  await screen.findByText("4 runs cannot be compared.");
  expect(problems).toHaveTextContent("still under way, 50% done");
  expect(problems).toHaveTextContent("It failed and has no result.");
  expect(problems).toHaveTextContent("It is an optimization.");
  expect(problems).toHaveTextContent("There is no run of this key");
  expect(screen.getByRole("list", { name: "Runs compared" }).children).toHaveLength(1);
});

test("a run is taken out, and one alone asks for another", async () => {
  const page = renderPage(<ComparePage />, "/compare?runs=one,two");
  await userEvent.click(await screen.findByRole("button", { name: "Take B out" }));
  expect(page.history?.at(-1)).toBe("/compare?runs=one");
  expect(await screen.findByText("Choose two to six backtests")).toBeVisible();
  expect(screen.getByRole("link", { name: "Go to the runs" })).toHaveAttribute("href", "/?kind=backtest&pick=one");
});
