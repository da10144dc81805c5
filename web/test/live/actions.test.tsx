import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import type { StatusBody } from "@/api/types";
import { BacktestPage } from "@/features/backtest/BacktestPage";
import { aDataset, aRunInfo, aStatus } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer, Refusal } from "../fakes/server";

const KEY = aRunInfo().runKey;
const request = { strategyName: "SmaCrossover", initialCash: 777, force: true };
let server: FakeServer;
let run: StatusBody;

beforeEach(() => {
  run = aStatus({ status: "Failed", errorMessage: "by zero" });
  server = new FakeServer()
    .on("GET /api/datasets", () => [aDataset()])
    .on(`GET /api/backtests/${KEY}/status`, () => run)
    .on(`GET /api/backtests/${KEY}`, () => ({ ...run, request }))
    .on("POST /api/backtests", () => ({ runKey: KEY, kind: "backtest" }));
});

test("a failed run is submitted again as it was, without forcing", async () => {
  renderPage(<BacktestPage runKey={KEY} />);
  await userEvent.click(await screen.findByRole("button", { name: "Run again" }));
  await waitFor(() => expect(server.to("POST /api/backtests")).toHaveLength(1));
  expect(server.to("POST /api/backtests")[0]?.body).toEqual({ strategyName: "SmaCrossover", initialCash: 777 });
});

test("a completed run is forced, or it would only be shown again", async () => {
  run = aStatus({ status: "Completed" });
  renderPage(<BacktestPage runKey={KEY} />);
  await userEvent.click(await screen.findByRole("button", { name: "Run again" }));
  await waitFor(() => expect(server.to("POST /api/backtests")[0]?.body).toMatchObject({ force: true }));
});

test("cancelling what has just ended is no failure", async () => {
  run = aStatus();
  server.on(
    `POST /api/backtests/${KEY}/cancel`,
    () => new Refusal(409, { code: "already_terminal", detail: "It ended." }),
  );
  renderPage(<BacktestPage runKey={KEY} />);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(server.to(`POST /api/backtests/${KEY}/cancel`)).toHaveLength(1));
  expect(screen.queryByText("It ended.")).not.toBeInTheDocument();
});

test("deleting asks first, and then leaves the page", async () => {
  server.on(`DELETE /api/backtests/${KEY}`, () => ({}));
  const { history } = renderPage(<BacktestPage runKey={KEY} />, `/backtests/${KEY}`);
  await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
  expect(server.to(`DELETE /api/backtests/${KEY}`)).toHaveLength(0);
  const [, confirm] = screen.getAllByRole("button", { name: "Delete" });
  await userEvent.click(confirm as HTMLElement);
  await waitFor(() => expect(history.at(-1)).toBe("/"));
});
