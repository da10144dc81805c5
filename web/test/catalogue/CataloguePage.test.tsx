import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { CataloguePage } from "@/features/catalogue/CataloguePage";
import { guessNames } from "@/features/catalogue/guessNames";
import { aDataset, aStrategy } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer } from "../fakes/server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer()
    .on("GET /api/strategies", () => ({ items: [aStrategy()] }))
    .on("GET /api/datasets", () => ({
      items: [aDataset({ gapCount: 3 }), aDataset({ id: "syn", assetName: "WALK", synthetic: true })],
    }))
    .on("GET /api/downloads", () => ({ items: [] }))
    .on("DELETE /api/datasets/syn", () => ({}));
});

test("strategies show version, description and parameters", async () => {
  renderPage(<CataloguePage />);
  await userEvent.click(await screen.findByText("2 parameters"));
  expect(screen.getByText("Long while the fast average is above the slow one.")).toBeVisible();
  expect(screen.getByRole("row", { name: /fastPeriod whole number 10 2 200 1/ })).toBeInTheDocument();
});

test("data sets show bars, period, gaps, and which are synthetic", async () => {
  renderPage(<CataloguePage />);
  const row = await screen.findByRole("row", { name: /AAPL/ });
  expect(row).toHaveTextContent("1,509Jan 2, 2019Dec 30, 20240.01USD3test");
  expect(screen.getByRole("row", { name: /WALK.*Synthetic data/ })).toBeInTheDocument();
});

test("cash flows are told as what they are, and cannot be run on", async () => {
  const funding = aDataset({ id: "rates", assetName: "BTCUSDT", timeFrame: "funding", kind: "funding" });
  server.on("GET /api/datasets", () => ({ items: [funding] }));
  renderPage(<CataloguePage />);
  const row = await screen.findByRole("row", { name: /BTCUSDT.*Funding rates/ });
  expect(row).toHaveTextContent("Dec 30, 2024, 00:00–USD–test");
  expect(screen.queryByRole("link", { name: "BTCUSDT" })).not.toBeInTheDocument();
});

test("deleting asks first", async () => {
  renderPage(<CataloguePage />);
  await userEvent.click(await screen.findByRole("button", { name: "Delete WALK · NASDAQ · 1d" }));
  expect(server.to("DELETE /api/datasets/syn")).toHaveLength(0);
  await userEvent.click(screen.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(server.to("DELETE /api/datasets/syn")).toHaveLength(1));
});

test("a change that the socket tells of is shown", async () => {
  const { around, goLive } = renderPage(<CataloguePage />);
  await screen.findByText("SmaCrossover");
  goLive();
  server.on("GET /api/strategies", () => ({ items: [aStrategy({ name: "Fresh" })] }));
  act(() => around.socket.says({ type: "changed", topic: "strategies", data: {} }));
  expect(await screen.findByText("Fresh")).toBeInTheDocument();
});

test("a bad file of the watched folder is told with the reason", async () => {
  const problems = [
    { file: "prices.csv", message: "its name does not say what it is", at: "2024-01-01T00:00:00.000Z" },
  ];
  server.on("GET /api/system", () => ({ watch: { folder: "/drops", imported: 0, problems } }));
  renderPage(<CataloguePage />);
  expect(await screen.findByText("A file of the watched folder cannot be imported")).toBeInTheDocument();
  expect(screen.getByText("its name does not say what it is")).toBeInTheDocument();
});

test("an upload without a file or names says what is missing", async () => {
  renderPage(<CataloguePage />);
  await userEvent.click(screen.getByRole("button", { name: "Upload" }));
  expect(screen.getByText("Choose a file first.")).toBeInTheDocument();
  expect(screen.getAllByText("This is needed.")).toHaveLength(3);
});

test.each([
  ["eurusd_mid_1h.csv", { assetName: "EURUSD", timeFrame: "1h" }],
  ["BTCUSDT-5m-2024-01.csv", { assetName: "BTCUSDT", timeFrame: "5m" }],
  ["data.csv", {}],
])("the name %s tells %o", (name, told) => expect(guessNames(name)).toEqual(told));
