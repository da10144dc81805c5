import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { NewRunPage } from "@/features/new-run/NewRunPage";
import { aDataset, aParameter, aStatus, aStrategy } from "../builders";
import { renderPage } from "../fakes/page";
import { Refusal } from "../fakes/server";
import type { FakeServer } from "../fakes/server";
import { aServer, KEY, submission, submitted } from "./requests";

let server: FakeServer;
beforeEach(() => {
  server = aServer();
});

test("cash flows are no series to run on", async () => {
  server.on("GET /api/datasets", () => ({
    items: [aDataset({ id: "rates", timeFrame: "funding", kind: "funding" })],
  }));
  renderPage(<NewRunPage />, "/new");
  expect(await screen.findByText("There is no data yet")).toBeVisible();
});

describe("the form of a backtest", () => {
  test("has a labelled control for every parameter, with its default and its bounds", async () => {
    renderPage(<NewRunPage />, "/new");
    const fast = await screen.findByLabelText("Fast period");
    expect(fast).toHaveValue(10);
    expect(fast).toHaveAttribute("max", "200");
    expect(fast).toHaveAccessibleDescription("Bars in the fast average · 2 to 200");
  });
  test("shows choices and switches as lists", async () => {
    server.on("GET /api/strategies", () => [
      aStrategy({
        parameters: [
          aParameter({
            name: "side",
            type: "choice",
            default: "short",
            min: null,
            max: null,
            choices: ["long", "short"],
          }),
          aParameter({ name: "strict", type: "bool", default: true, min: null, max: null }),
        ],
      }),
    ]);
    renderPage(<NewRunPage />, "/new");
    expect(await screen.findByLabelText("Side")).toHaveValue("short");
    expect(screen.getByLabelText("Strict")).toHaveValue("true");
  });
  test("labels synthetic data", async () => {
    renderPage(<NewRunPage />, "/new?asset=WALK&exchange=NASDAQ&timeFrame=1d");
    expect((await screen.findAllByText("Synthetic data")).length).toBeGreaterThan(0);
    expect(screen.getByRole("option", { name: "WALK · NASDAQ · 1d (synthetic)" })).toBeInTheDocument();
  });
  test("is submitted with Enter and leads to the run", async () => {
    const { history } = renderPage(<NewRunPage />, "/new");
    const fast = await screen.findByLabelText("Fast period");
    await userEvent.clear(fast);
    await userEvent.type(fast, "25{Enter}");
    await waitFor(() => expect(history.at(-1)).toBe(`/backtests/${KEY}`));
    expect(submitted(server, "backtests")).toMatchObject([{ strategyParameters: { fastPeriod: 25, slowPeriod: 30 } }]);
  });
  test("puts the server's complaint at the field, before anything is submitted", async () => {
    server.on(
      "POST /api/backtests",
      () =>
        new Refusal(400, {
          code: "parameter_out_of_bounds",
          detail: "strategyParameters.fastPeriod: must be at most 200",
          errors: [{ path: "strategyParameters.fastPeriod", message: "must be at most 200" }],
        }),
    );
    renderPage(<NewRunPage />, "/new");
    expect(await screen.findByText("must be at most 200")).toBeInTheDocument();
    expect(screen.getByLabelText("Fast period")).toBeInvalid();
    expect(submitted(server, "backtests")).toEqual([]);
  });
  test("does not submit a field without a number, and goes there", async () => {
    renderPage(<NewRunPage />, "/new");
    const cash = await screen.findByLabelText("Initial cash");
    await userEvent.clear(cash);
    await userEvent.click(screen.getByRole("button", { name: "Start backtest" }));
    expect(cash).toHaveFocus();
    expect(submitted(server, "backtests")).toEqual([]);
  });
  test("says what is known already, and computes it again when told to", async () => {
    server.on("POST /api/backtests", () => submission({ isDedup: true, dedup: "cached" }));
    renderPage(<NewRunPage />, "/new");
    await userEvent.click(await screen.findByLabelText("Compute it again"));
    await userEvent.click(screen.getByRole("button", { name: "Start backtest" }));
    await waitFor(() => expect(submitted(server, "backtests")).toMatchObject([{ force: true }]));
  });
});

describe("beginning from a run", () => {
  const stored = {
    ...aStatus({ status: "Failed", parameters: { fastPeriod: 42, slowPeriod: 60 } }),
    request: { strategyName: "SmaCrossover", initialCash: 777, slippageTicks: 3 },
  };
  test("takes its parameters and settings over", async () => {
    server.on(`GET /api/backtests/${KEY}`, () => stored);
    renderPage(<NewRunPage />, `/new?from=backtest&key=${KEY}`);
    expect(await screen.findByLabelText("Fast period")).toHaveValue(42);
    expect(screen.getByLabelText("Initial cash")).toHaveValue(777);
  });
  test("takes over the series of a run that sees several, and its cash flows", async () => {
    const named = [aDataset(), aDataset({ assetName: "WALK" })].map(({ assetName, exchange, timeFrame }) => ({
      assetName,
      exchange,
      timeFrame,
    }));
    server.on(`GET /api/backtests/${KEY}`, () => ({
      ...stored,
      request: { ...stored.request, dataSubscriptions: named, cashFlows: ["dividends"] },
    }));
    renderPage(<NewRunPage />, `/new?from=backtest&key=${KEY}`);
    expect(await screen.findByLabelText("Series 2")).toHaveValue("syn");
    expect(screen.getByLabelText("Dividends")).toBeChecked();
  });
  test("tells what of it is not there any more", async () => {
    server.on(`GET /api/backtests/${KEY}`, () => ({ ...stored, assetName: "GONE", parameters: { oldPeriod: 3 } }));
    renderPage(<NewRunPage />, `/new?from=backtest&key=${KEY}`);
    expect(await screen.findByText("There is no series GONE · NASDAQ · 1d.")).toBeVisible();
    expect(screen.getByText("SmaCrossover has no parameter oldPeriod.")).toBeVisible();
  });
  test("opens a trial of an optimization as a backtest", async () => {
    server.on(`GET /api/optimizations/${KEY}`, () => ({ ...stored, kind: "optimization" }));
    const trial = encodeURIComponent(JSON.stringify({ fastPeriod: 9, slowPeriod: 99 }));
    renderPage(<NewRunPage />, `/new?from=optimization&key=${KEY}&trial=${trial}`);
    expect(await screen.findByLabelText("Slow period")).toHaveValue(99);
    expect(screen.getByRole("button", { name: "Start backtest" })).toBeInTheDocument();
  });
});

test("a file that does not load is told with line and reason", async () => {
  server.on("GET /api/strategies", () => [
    aStrategy(),
    aStrategy({
      name: "broken",
      file: "broken.py",
      error: { file: "broken.py", line: 5, message: "SyntaxError: never closed" },
    }),
  ]);
  renderPage(<NewRunPage />, "/new");
  const files = await screen.findByTestId("broken-files");
  expect(files).toHaveTextContent("broken.py, line 5");
  expect(files).toHaveTextContent("SyntaxError: never closed");
  expect(screen.queryByRole("radio", { name: /broken/ })).not.toBeInTheDocument();
});

test("without data it leads to the upload", async () => {
  server.on("GET /api/datasets", () => ({ items: [] }));
  renderPage(<NewRunPage />, "/new");
  expect(await screen.findByRole("link", { name: "Upload data" })).toHaveAttribute("href", "/catalogue#upload");
});
