import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, test } from "vitest";
import { NewRunPage } from "@/features/new-run/NewRunPage";
import { aDataset, aParameter, aStatus, aStrategy } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer, Refusal } from "../fakes/server";

const KEY = "SmaCrossover_1.0.0_20190102-20241230_0123";
const submission = (part: object = {}) => ({
  runKey: KEY,
  kind: "backtest",
  attempt: 1,
  status: "Pending",
  isDedup: false,
  dedup: "none",
  queuePosition: 1,
  links: {},
  totalBars: 1509,
  ...part,
});
const evaluation = (part: object = {}) => ({
  totalCombinations: 11,
  uniqueCombinations: 11,
  exact: true,
  exceedsMaxCombinations: false,
  maxCombinations: 500_000,
  estimatedSeconds: 3,
  estimatedBytes: 4400,
  reusedTrials: 0,
  ...part,
});

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer()
    .on("GET /api/strategies", () => ({ items: [aStrategy()] }))
    .on("GET /api/datasets", () => ({
      items: [aDataset(), aDataset({ id: "syn", assetName: "WALK", synthetic: true })],
    }))
    .on("POST /api/backtests", () => submission())
    .on("POST /api/optimizations", () =>
      submission({ kind: "optimization", totalBars: undefined, totalCombinations: 11 }),
    )
    .on("POST /api/optimizations/evaluate", () => evaluation());
});
/** What was really submitted, dry runs aside. */
const submitted = (kind: string): unknown[] =>
  server
    .to(`POST /api/${kind}`)
    .filter(({ search }) => !search.has("dryRun"))
    .map(({ body }) => body);

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
    expect(submitted("backtests")).toMatchObject([{ strategyParameters: { fastPeriod: 25, slowPeriod: 30 } }]);
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
    expect(submitted("backtests")).toEqual([]);
  });
  test("does not submit a field without a number, and goes there", async () => {
    renderPage(<NewRunPage />, "/new");
    const cash = await screen.findByLabelText("Initial cash");
    await userEvent.clear(cash);
    await userEvent.click(screen.getByRole("button", { name: "Start backtest" }));
    expect(cash).toHaveFocus();
    expect(submitted("backtests")).toEqual([]);
  });
  test("says what is known already, and computes it again when told to", async () => {
    server.on("POST /api/backtests", () => submission({ isDedup: true, dedup: "cached" }));
    renderPage(<NewRunPage />, "/new");
    await userEvent.click(await screen.findByLabelText("Compute it again"));
    await userEvent.click(screen.getByRole("button", { name: "Start backtest" }));
    await waitFor(() => expect(submitted("backtests")).toMatchObject([{ force: true }]));
  });
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
    expect(submitted("optimizations")).toMatchObject([
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
    expect(submitted("optimizations")).toMatchObject([{ method: "tpe", budget: 300 }]);
    expect(submitted("optimizations")[0]).not.toHaveProperty("walkForward");
  });
  test("runs each of several series by itself when told to", async () => {
    renderPage(<NewRunPage />, "/new?kind=optimization");
    await userEvent.click(await screen.findByRole("button", { name: "Add a series" }));
    await userEvent.click(screen.getByRole("radio", { name: "One after the other" }));
    await userEvent.click(screen.getByRole("button", { name: "Start optimization" }));
    await waitFor(() => expect(submitted("optimizations")).toHaveLength(1));
    const [body] = submitted("optimizations");
    expect(body).toMatchObject({
      axes: { dataSubscription: { values: [{ assetName: "AAPL" }, { assetName: "WALK" }] } },
    });
    expect(body).not.toHaveProperty("assetName");
  });
});

describe("the request as JSON", () => {
  const open = async (query = "kind=optimization") => {
    renderPage(<NewRunPage />, `/new?${query}`);
    await userEvent.click(await screen.findByText("As JSON"));
    return screen.getByLabelText<HTMLTextAreaElement>("Request as JSON");
  };
  const write = (box: HTMLTextAreaElement, request: unknown): void =>
    void fireEvent.change(box, { target: { value: typeof request === "string" ? request : JSON.stringify(request) } });
  const take = () => userEvent.click(screen.getByRole("button", { name: "Take it into the form" }));
  test("follows the form", async () => {
    const box = await open("kind=backtest");
    const fast = screen.getByLabelText("Fast period");
    await userEvent.clear(fast);
    await userEvent.type(fast, "33");
    expect(JSON.parse(box.value)).toMatchObject({ strategyParameters: { fastPeriod: 33 } });
  });
  test("fills in the form", async () => {
    const box = await open();
    write(box, {
      ...(JSON.parse(box.value) as object),
      axes: { fastPeriod: { values: [7, 8] } },
      method: "random",
      budget: 40,
    });
    await take();
    expect(screen.getByLabelText("Budget")).toHaveValue(40);
    expect(screen.getByLabelText("Fast period: values")).toHaveValue("7, 8");
  });
  test("that is none is refused with the reason, and the form stays", async () => {
    const box = await open();
    write(box, "{");
    await take();
    expect(screen.getByRole("alert")).toHaveTextContent("This is no JSON");
    expect(screen.getByRole("radio", { name: "Grid" })).toBeChecked();
  });
  test("that names what is not there is refused", async () => {
    const box = await open();
    write(box, { strategyName: "SmaCrossover", axes: { fastPeriot: { fixed: 1 } } });
    await take();
    expect(screen.getByRole("alert")).toHaveTextContent("SmaCrossover has no parameter fastPeriot.");
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
