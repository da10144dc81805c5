import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Order, RoundTrip } from "@/api/types";
import { EventsPanel } from "@/features/backtest/events/EventsPanel";
import { MonthsPanel } from "@/features/backtest/months/MonthsPanel";
import { OrdersPanel } from "@/features/backtest/orders/OrdersPanel";
import { TradesPanel } from "@/features/backtest/trades/TradesPanel";
import { aStatus } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer, Refusal } from "../fakes/server";

const run = aStatus({ status: "Completed", resultAttempt: 1 });
const at = (part: string): string => `GET /api/backtests/${run.runKey}/${part}`;

const aTrade = (part: Partial<RoundTrip> = {}): RoundTrip => ({
  entryTime: "2020-05-13T00:00:00.000Z",
  exitTime: "2021-03-15T00:00:00.000Z",
  side: "long",
  quantity: 1,
  entryPrice: 78.04,
  exitPrice: 121.41,
  profit: 43.27,
  profitPct: 55.45,
  commission: 0.1,
  bars: 210,
  maxAdverse: -3,
  maxFavourable: 60,
  exitReason: "signal",
  assetName: "AAPL",
  ...part,
});

const anOrder = (part: Partial<Order> = {}): Order => ({
  orderId: 4,
  submittedAt: "2020-05-13T00:00:00.000Z",
  assetName: "AAPL",
  side: "buy",
  type: "market",
  quantity: 5000,
  limitPrice: null,
  stopPrice: null,
  timeInForce: "GTC",
  group: null,
  status: "Rejected",
  reason: "not enough cash",
  fills: [],
  ...part,
});

test("a trade is chosen by a click on its row, and by Enter on its button", async () => {
  new FakeServer().on(at("trades"), () => ({ items: [aTrade()], nextCursor: null, totalCount: 1 }));
  const choose = vi.fn();
  renderPage(<TradesPanel run={run} closed={1} quote="USD" chosen={null} onChoose={choose} />);
  const row = (await screen.findAllByRole("row"))[1];
  if (!row) throw new Error("There is no row.");
  await userEvent.click(within(row).getByText("Signal"));
  expect(choose).toHaveBeenCalledTimes(1);
  within(row).getByRole("button", { name: "Show on the chart: May 13, 2020" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(choose).toHaveBeenCalledTimes(2);
  expect(choose).toHaveBeenLastCalledWith(aTrade());
});

test("the trade that is chosen is told, and those that are open are counted", async () => {
  const trades = [aTrade(), aTrade({ entryTime: "2024-05-22T00:00:00.000Z", exitTime: null, exitPrice: null })];
  new FakeServer().on(at("trades"), () => ({ items: trades, nextCursor: null, totalCount: 2 }));
  renderPage(<TradesPanel run={run} closed={1} quote="USD" chosen={trades[1] ?? null} onChoose={() => undefined} />);
  expect(await screen.findByText("1 closed, 1 still open at the end.")).toBeVisible();
  expect(screen.getByRole("button", { pressed: true })).toHaveTextContent("May 22, 2024");
});

test("another order of the trades begins at its first page", async () => {
  const server = new FakeServer().on(at("trades"), () => ({ items: [aTrade()], nextCursor: "abc", totalCount: 60 }));
  renderPage(<TradesPanel run={run} closed={60} quote="USD" chosen={null} onChoose={() => undefined} />);
  await userEvent.click(await screen.findByRole("button", { name: "Next" }));
  await waitFor(() => expect(server.asked.at(-1)?.search.get("cursor")).toBe("abc"));
  await userEvent.click(screen.getByRole("button", { name: "Profit" }));
  await waitFor(() => expect(server.asked.at(-1)?.search.get("sort")).toBe("-profit"));
  expect(server.asked.at(-1)?.search.has("cursor")).toBe(false);
});

test("rejected orders are asked of the server, and tell why", async () => {
  const server = new FakeServer().on(at("orders"), () => ({ items: [anOrder()], nextCursor: null, totalCount: 1 }));
  const focus = vi.fn();
  renderPage(<OrdersPanel run={run} rejected={1} focus={null} onFocus={focus} />);
  await userEvent.click(await screen.findByRole("radio", { name: "Rejected" }));
  await waitFor(() => expect(server.asked.at(-1)?.search.get("status")).toBe("Rejected"));
  await userEvent.click(await screen.findByText("Not enough cash"));
  expect(focus).toHaveBeenCalledWith(
    expect.objectContaining({ kind: "moment", text: "Order 4: buy 5,000 AAPL, rejected" }),
  );
});

test("orders that were not kept say so", async () => {
  new FakeServer().on(at("orders"), () => new Refusal(404, { code: "not_found", detail: "They were not kept." }));
  renderPage(<OrdersPanel run={run} rejected={0} focus={null} onFocus={() => undefined} />);
  expect(await screen.findByText("They were not kept.")).toBeVisible();
});

test("events are asked for by their kinds", async () => {
  const event = { ts: 1_546_387_200_000, sq: 5, _t: "ord.reject", src: "engine", d: { reason: "not enough cash" } };
  const server = new FakeServer().on(at("events"), () => event);
  renderPage(<EventsPanel run={run} focus={null} />);
  expect(await screen.findByText("Order rejected")).toBeVisible();
  expect(screen.getByText("Reason not enough cash")).toBeVisible();
  expect(server.asked[0]?.search.get("types")).not.toContain("bar");
  await userEvent.click(screen.getByRole("checkbox", { name: "Bars" }));
  await waitFor(() => expect(server.asked.at(-1)?.search.get("types")).toMatch(/,bar$/));
});

test("months have a row a year, and say when they are not exact", async () => {
  const points = [
    [Date.UTC(2023, 11, 31), 1100, 0],
    [Date.UTC(2024, 0, 31), 990, -10],
  ];
  new FakeServer().on(at("equity"), () => ({ points, total: 99_999 }));
  renderPage(<MonthsPanel run={run} cash={1000} />);
  const rows = within(await screen.findByRole("table")).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual([
    "YearJanFebMarAprMayJunJulAugSepOctNovDecWhole year",
    "2023–––––––––––+10.0%+10.0%",
    "2024-10.0%–––––––––––-10.0%",
  ]);
  expect(screen.getByText(/Of 20,000 points/)).toBeVisible();
});
