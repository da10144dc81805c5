import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { NewRunPage } from "@/features/new-run/NewRunPage";
import { renderPage } from "../fakes/page";
import { Refusal } from "../fakes/server";
import type { FakeServer } from "../fakes/server";
import { aServer, evaluation, KEY, submitted } from "./requests";

let server: FakeServer;
beforeEach(() => {
  server = aServer();
});

describe("the form of an optimization", () => {
  test("shows what it would cost", async () => {
    renderPage(<NewRunPage />, "/new?kind=optimization");
    expect(await screen.findByTestId("combinations")).toHaveTextContent("11");
    expect(screen.getByTestId("verdict")).toHaveTextContent("3 s");
    expect(within(screen.getByText("Fast period").closest("li") as HTMLElement).getByText("11 values")).toBeVisible();
  });
  test("refuses to start above the limit, and says which", async () => {
    server.on("POST /api/optimizations/evaluate", () =>
      evaluation({ totalCombinations: 600_000, exceedsMaxCombinations: true }),
    );
    renderPage(<NewRunPage />, "/new?kind=optimization");
    expect(await screen.findByText(/More than the limit of 500,000/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Start optimization" })).toBeDisabled();
  });
  test("sends ranges, lists and fixed values", async () => {
    const { history } = renderPage(<NewRunPage />, "/new?kind=optimization");
    const axis = (await screen.findByText("Slow period")).closest("li") as HTMLElement;
    await userEvent.click(within(axis).getByRole("radio", { name: "List" }));
    const list = within(axis).getByLabelText("Slow period: values");
    await userEvent.clear(list);
    await userEvent.type(list, "20, 50{Enter}");
    await waitFor(() => expect(history.at(-1)).toBe(`/optimizations/${KEY}`));
    expect(submitted(server, "optimizations")).toMatchObject([
      { axes: { fastPeriod: { min: 5, max: 15, step: 1 }, slowPeriod: { values: [20, 50] } }, sortBy: "netProfit" },
    ]);
  });
  test("says how many of the combinations run, and about how many where it was estimated", async () => {
    server.on("POST /api/optimizations/evaluate", () =>
      evaluation({ totalCombinations: 2_000_000, uniqueCombinations: 900_000, exact: false, reusedTrials: 12 }),
    );
    renderPage(<NewRunPage />, "/new?kind=optimization");
    expect(await screen.findByTestId("unique")).toHaveTextContent("about 900,000 of them to run");
    expect(screen.getByText("Computed already").nextSibling).toHaveTextContent("12");
  });
  test("puts the complaint about a condition at its row, empty rows aside", async () => {
    const refusal = new Refusal(400, {
      code: "not_supported",
      detail: "conditions",
      errors: [{ path: "conditions[0]", message: "a condition is not supported yet" }],
    });
    server.on("POST /api/optimizations/evaluate", ({ body }) =>
      (body as { conditions?: string[] }).conditions ? refusal : evaluation(),
    );
    renderPage(<NewRunPage />, "/new?kind=optimization");
    await userEvent.click(await screen.findByRole("button", { name: "Add a condition" }));
    await userEvent.click(screen.getByRole("button", { name: "Add a condition" }));
    await userEvent.type(screen.getByLabelText("Condition 2"), "fastPeriod < slowPeriod");
    expect(await screen.findByText("a condition is not supported yet")).toBeVisible();
    expect(screen.getByLabelText("Condition 2")).toBeInvalid();
    expect(screen.getByLabelText("Condition 1")).toBeValid();
  });
  test("unfolds what the server complains of", async () => {
    server.on(
      "POST /api/optimizations/evaluate",
      () =>
        new Refusal(400, { code: "invalid_request", errors: [{ path: "filters.minTotalTrades", message: "whole" }] }),
    );
    renderPage(<NewRunPage />, "/new?kind=optimization");
    expect(await screen.findByText("whole")).toBeVisible();
  });
  test("asks for what each method needs", async () => {
    const { history } = renderPage(<NewRunPage />, "/new?kind=optimization");
    await userEvent.click(await screen.findByRole("radio", { name: "Walk-forward" }));
    await userEvent.clear(screen.getByLabelText("Windows"));
    await userEvent.type(screen.getByLabelText("Windows"), "8");
    expect(screen.queryByLabelText("Budget")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("radio", { name: "TPE" }));
    await userEvent.type(screen.getByLabelText("Budget"), "300{Enter}");
    await waitFor(() => expect(history.at(-1)).toBe(`/optimizations/${KEY}`));
    expect(submitted(server, "optimizations")).toMatchObject([{ method: "tpe", budget: 300 }]);
    expect(submitted(server, "optimizations")[0]).not.toHaveProperty("walkForward");
  });
  test("runs each of several series by itself when told to", async () => {
    renderPage(<NewRunPage />, "/new?kind=optimization");
    await userEvent.click(await screen.findByRole("button", { name: "Add a series" }));
    await userEvent.click(screen.getByRole("radio", { name: "One after the other" }));
    await userEvent.click(screen.getByRole("button", { name: "Start optimization" }));
    await waitFor(() => expect(submitted(server, "optimizations")).toHaveLength(1));
    const [body] = submitted(server, "optimizations");
    expect(body).toMatchObject({
      axes: { dataSubscription: { values: [{ assetName: "AAPL" }, { assetName: "WALK" }] } },
    });
    expect(body).not.toHaveProperty("assetName");
  });
});
