import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { OptimizationPage } from "@/features/optimization/OptimizationPage";
import { aSample } from "../builders";
import { renderPage } from "../fakes/page";
import type { FakeServer } from "../fakes/server";
import { aServer, completed, KEY, result } from "./sweep";

let server: FakeServer;
beforeEach(() => {
  server = aServer();
});
const asked = (what: string): Record<string, string> | undefined => {
  const last = server.to(`GET /api/optimizations/${KEY}/${what}`).at(-1);
  return last && Object.fromEntries(last.search);
};

describe("parallel coordinates", () => {
  const words = () => screen.findByTestId("parallel-words");

  test("show every trial by what they are ranked by", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await words()).toHaveTextContent("All lines: Net profit from -100.00 to +300.00, the median +200.00.");
    expect(asked("sample")).toEqual({ metrics: "netProfit", points: "3000" });
    expect(screen.getByTestId("parallel-count")).toHaveTextContent("3 trials");
  });
  test("say that of many they show some", async () => {
    server.on(`GET /api/optimizations/${KEY}/sample`, () => aSample({ defined: 1_000_000 }));
    renderPage(<OptimizationPage runKey={KEY} />);
    expect(await screen.findByTestId("parallel-count")).toHaveTextContent(
      "3 of 1,000,000 trials, evenly from the best to the worst",
    );
  });
  test("are narrowed down with the keys, and what is left is told and listed", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await words();
    screen.getByRole("slider", { name: "Fast period, from" }).focus();
    await userEvent.keyboard("{ArrowUp}");
    expect(screen.getByRole("slider", { name: "Fast period, from" })).toHaveAttribute("aria-valuetext", "10");
    expect(await words()).toHaveTextContent("2 of the lines (66.7%) lie in the ranges: Net profit from -100.00");
    const table = screen.getByRole("region", { name: "The best of the trials in the ranges" });
    expect(within(table).getAllByRole("row")[1]).toHaveTextContent("320+300.00");
    await userEvent.click(screen.getByRole("button", { name: "All trials again" }));
    expect(await words()).toHaveTextContent("All lines");
  });
  test("show another metric", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await words();
    const panel = screen.getByRole("region", { name: "Parallel coordinates" });
    await userEvent.selectOptions(within(panel).getByLabelText("Metric"), "Sharpe ratio");
    await waitFor(() => expect(asked("sample")).toMatchObject({ metrics: "sharpeRatio" }));
  });
});

describe("the distribution", () => {
  test("is read bar by bar with the keys", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    (await screen.findByTestId("histogram")).focus();
    await userEvent.keyboard("{ArrowRight}");
    const panel = screen.getByTestId("spread");
    expect(panel).toHaveTextContent("-100.00 to 0.00: 1 trial, 25.0%");
    await userEvent.keyboard("{End}");
    expect(panel).toHaveTextContent("+200.00 to +300.00: 2 trials, 50.0%");
    expect(within(panel).getByText("Above zero").nextSibling).toHaveTextContent("75.0%3 trials");
    expect(within(panel).getByText("Median").nextSibling).toHaveTextContent("+200.00");
  });
});

describe("the front of several objectives", () => {
  const objectives = [
    { metric: "netProfit", direction: "max" },
    { metric: "maxDrawdownPct", direction: "max" },
  ];
  const sample = aSample({
    metrics: ["netProfit", "maxDrawdownPct"],
    values: [
      [300, 200, -100],
      [-9, -5, -7],
    ],
    onFront: [0, 1],
  });
  test("lists the trials that no other beats", async () => {
    server
      .on(`GET /api/optimizations/${KEY}`, () => ({ ...completed(), request: { sortBy: "netProfit", objectives } }))
      .on(`GET /api/optimizations/${KEY}/status`, () => ({ ...completed(), result: result() }))
      .on(`GET /api/optimizations/${KEY}/sample`, () => sample);
    renderPage(<OptimizationPage runKey={KEY} />);
    const panel = await screen.findByTestId("front");
    expect(await within(panel).findByText(/^2 of 3 trials are beaten by no other/)).toBeVisible();
    const rows = within(panel).getAllByRole("row").slice(1);
    expect(rows.map((row) => row.textContent)).toEqual(["320+300.00-9.00%Backtest", "05+200.00-5.00%Backtest"]);
  });
  test("is not there for one", async () => {
    renderPage(<OptimizationPage runKey={KEY} />);
    await screen.findByTestId("histogram");
    expect(screen.queryByTestId("front")).not.toBeInTheDocument();
  });
});
