import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import type { StatusBody } from "@/api/types";
import { OptimizationPage } from "@/features/optimization/OptimizationPage";
import { renderPage } from "../fakes/page";
import type { FakeServer } from "../fakes/server";
import { aServer, completed, KEY, leader, result } from "./sweep";

let server: FakeServer;
beforeEach(() => {
  server = aServer();
});
const surfaceAsked = (): Record<string, string> | undefined => {
  const last = server.to(`GET /api/optimizations/${KEY}/surface`).at(-1);
  return last && Object.fromEntries(last.search);
};

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
  test("is read with the pointer, and a click keeps the cell", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    const field = await map();
    field.getBoundingClientRect = () => new DOMRect(0, 0, 300, 200);
    fireEvent.click(field, { clientX: 250, clientY: 150 });
    expect(screen.getByTestId("cell")).toHaveTextContent("Fast period 15");
    expect(screen.getByTestId("cell")).toHaveTextContent("Slow period 30");
    fireEvent.pointerMove(field, { clientX: 50, clientY: 50 });
    expect(screen.getByTestId("cell")).toHaveTextContent("Fast period 5");
    fireEvent.pointerLeave(field);
    expect(screen.getByTestId("cell")).toHaveTextContent("Fast period 15");
  });
  test("tells the cells around the best trial, and around the one that is chosen", async () => {
    const best = { ...leader, parameters: { fastPeriod: 10, slowPeriod: 60, mode: 2 } };
    server.on(`GET /api/optimizations/${KEY}/status`, () => ({
      ...completed(),
      axes: wide,
      result: result({ best }),
    }));
    renderPage(<OptimizationPage runKey={KEY} />);
    (await map()).focus();
    expect(screen.getByTestId("around")).toHaveTextContent(
      "Around the best: 5 cells from +11.00 to +23.00, the median +13.00, 59% of the best.",
    );
    await userEvent.keyboard("{Home}{PageDown}{Enter}");
    expect(screen.getByTestId("around")).toHaveTextContent("Around it: 3 cells from +12.00 to +22.00");
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
