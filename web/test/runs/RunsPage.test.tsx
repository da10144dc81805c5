import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { RunsPage } from "@/features/runs/RunsPage";
import type { StatusBody } from "@/api/types";
import { aDataset, aState, aStatus, aStrategy, someMetrics } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer, Refusal } from "../fakes/server";

let server: FakeServer;
const done = (runKey: string, part: Partial<StatusBody> = {}): StatusBody =>
  aStatus({ runKey, label: runKey, status: "Completed", resultAttempt: 1, metrics: someMetrics(), ...part });

const listing = (items: StatusBody[], nextCursor: string | null = null) => ({
  items,
  nextCursor,
  totalCount: items.length,
});

beforeEach(() => {
  server = new FakeServer()
    .on("GET /api/backtests", () => listing([done("one"), done("two"), done("three")]))
    .on("GET /api/optimizations", () => listing([]))
    .on("GET /api/datasets", () => ({ items: [aDataset({ synthetic: true })] }))
    .on("GET /api/strategies", () => [aStrategy()])
    .on("GET /api/system", () => ({
      workers: { count: 4, busy: 3, restarts: 0, tasks: [] },
      queue: { length: 12, running: 3, limit: 5000 },
      loopLagMs: 0.42,
    }));
});

const rows = () => within(screen.getByRole("list", { name: "Runs" })).getAllByRole("listitem");

test("the address says what is asked for", async () => {
  renderPage(<RunsPage />, "/?kind=backtest&asset=AAPL&timeFrame=1d&sort=-netProfit&status=Completed");
  await screen.findByText("3 found, highest net profit");
  const asked = Object.fromEntries(server.to("GET /api/backtests")[0]?.search ?? []);
  expect(asked).toEqual({ asset: "AAPL", timeFrame: "1d", status: "Completed", sort: "-netProfit", limit: "50" });
  expect(screen.getByRole("combobox", { name: "Asset" })).toHaveValue("AAPL");
  expect(server.to("GET /api/optimizations")).toEqual([]);
});

test("two runs are picked, and a link compares them", async () => {
  const page = renderPage(<RunsPage />);
  await userEvent.click(await screen.findByRole("checkbox", { name: "Pick one to compare" }));
  expect(screen.queryByRole("link", { name: "Compare" })).toBeNull();
  await userEvent.click(screen.getByRole("checkbox", { name: "Pick three to compare" }));
  expect(screen.getByRole("link", { name: "Compare" })).toHaveAttribute("href", "/compare?runs=one,three");
  expect(page.history?.at(-1)).toContain("pick=one%2Cthree");
  await userEvent.click(screen.getByRole("button", { name: "Pick none" }));
  expect(screen.queryByRole("link", { name: "Compare" })).toBeNull();
});

test("more runs are asked for by the cursor until as many are there as the address wants", async () => {
  server.on("GET /api/backtests", ({ search }) =>
    search.get("cursor") === "next" ? listing([done("older")]) : listing([done("one")], "next"),
  );
  renderPage(<RunsPage />, "/?kind=backtest&shown=250");
  await waitFor(() => expect(rows()).toHaveLength(2));
  expect(server.to("GET /api/backtests")[1]?.search.get("limit")).toBe("200");
});

test("a run moves in its own row, and one that is deleted elsewhere goes at once", async () => {
  server.on("GET /api/backtests", () => listing([aStatus({ runKey: "moving" }), done("one")]));
  const page = renderPage(<RunsPage />);
  await waitFor(() => expect(rows()).toHaveLength(2));
  page.goLive();
  const run = aStatus({ runKey: "moving" });
  page.around.socket.says({
    type: "snapshot",
    ...{ runKey: "moving", rev: [1, 5], run, state: aState({ processed: 755, ratePerSecond: 2000, etaSeconds: 4 }) },
  });
  expect(await screen.findByText("Processed 755 / 1,509 Bars · 2,000 bars/s · about 4 s left")).toBeVisible();
  page.around.socket.says({ type: "removed", runKey: "moving", rev: [2, 0] });
  await waitFor(() => expect(rows()).toHaveLength(1));
});

test("the corner tells how busy the machine is", async () => {
  renderPage(<RunsPage />);
  expect(await screen.findByTestId("health")).toHaveTextContent("Workers3 of 4Queue12Lag0.4 ms");
});

test("a list that cannot be had says why, and asks again when told to", async () => {
  server.on("GET /api/backtests", () => new Refusal(503, { code: "store_unavailable", detail: "The store is away." }));
  renderPage(<RunsPage />);
  expect(await screen.findByText("The store is away.")).toBeVisible();
  server.on("GET /api/backtests", () => listing([done("one")]));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(rows()).toHaveLength(1));
});

test("a search that finds nothing offers the way back to all runs", async () => {
  server.on("GET /api/backtests", ({ search }) => (search.get("q") ? listing([]) : listing([done("one")])));
  renderPage(<RunsPage />, "/?q=nothing");
  await userEvent.click(await screen.findByRole("button", { name: "Show all runs" }));
  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(screen.getByRole("searchbox")).toHaveValue("");
});
