import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import type { Download } from "@/api/types";
import { DownloadsPanel } from "@/features/catalogue/DownloadsPanel";
import { aDownload } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer, Refusal } from "../fakes/server";

const AT = "/api/downloads/binance-btc-usdt-1h-0";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer().on("GET /api/downloads", () => ({ items: [] }));
});

const shows = (part: Partial<Download>) => server.on("GET /api/downloads", () => ({ items: [aDownload(part)] }));
const typed = async (texts: Record<string, string>): Promise<void> => {
  for (const [label, text] of Object.entries(texts)) await userEvent.type(screen.getByLabelText(label), text);
};
const FORM = { Exchange: "binance", Market: "BTC/USDT", "Time frame": "1h", "First day (UTC)": "2024-01-01" };

test("what is typed is asked of the server, the last day as a whole", async () => {
  server.on("POST /api/downloads", () => aDownload());
  renderPage(<DownloadsPanel />);
  await typed({ ...FORM, "Last day (UTC)": "2024-01-31" });
  await userEvent.click(screen.getByRole("button", { name: "Download" }));
  await waitFor(() => expect(server.to("POST /api/downloads")).toHaveLength(1));
  expect(server.to("POST /api/downloads")[0]?.body).toEqual({
    ...{ exchange: "binance", symbol: "BTC/USDT", timeFrame: "1h" },
    ...{ startTime: "2024-01-01T00:00:00Z", endTime: "2024-01-31T23:59:59Z" },
  });
});

test("an empty form says what is missing", async () => {
  renderPage(<DownloadsPanel />);
  await userEvent.click(screen.getByRole("button", { name: "Download" }));
  expect(screen.getAllByText("This is needed.")).toHaveLength(4);
});

test("a server without the extra says what it lacks", async () => {
  const detail = 'Downloads take ccxt, which the server does not have: pip install "algotradeforge[download]".';
  server.on("POST /api/downloads", () => new Refusal(400, { code: "not_supported", detail }));
  renderPage(<DownloadsPanel />);
  await typed(FORM);
  await userEvent.click(screen.getByRole("button", { name: "Download" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(detail);
});

test("what is wrong with a name stands at its field", async () => {
  const errors = [{ path: "exchange", message: "ccxt knows no exchange 'binanc'" }];
  server.on("POST /api/downloads", () => new Refusal(400, { code: "invalid_request", detail: "no", errors }));
  renderPage(<DownloadsPanel />);
  await typed(FORM);
  await userEvent.click(screen.getByRole("button", { name: "Download" }));
  expect(await screen.findByText("ccxt knows no exchange 'binanc'")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("one that runs shows how far it is, and can be cancelled", async () => {
  shows({});
  server.on(`POST ${AT}/cancel`, () => aDownload({ cancelRequested: true }));
  renderPage(<DownloadsPanel />);
  const bar = await screen.findByRole("progressbar", { name: "Download of BTC/USDT · binance · 1h" });
  expect(bar).toHaveAttribute("aria-valuenow", "25");
  expect(screen.getByText("Fetching · 250 of 1,000 bars · 100 bars/s · 8 s left")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(server.to(`POST ${AT}/cancel`)).toHaveLength(1));
});

test("one that waits says why", async () => {
  shows({ phase: "waiting", notice: "the exchange is not available; asking again in 2 s", fetched: 0 });
  renderPage(<DownloadsPanel />);
  expect(await screen.findByText(/the exchange is not available; asking again in 2 s/)).toBeInTheDocument();
});

test.each<[Partial<Download>, string | null, string]>([
  [{ status: "Failed", errorMessage: "no such market" }, "Resume", "no such market"],
  [{ status: "Cancelled" }, "Resume", "250 bars · kept for when it is resumed"],
  [{ status: "Completed", gapCount: 1 }, "Update", "250 bars · 1 gap"],
  [{ status: "Completed", endTime: "2024-02-01T00:00:00.000Z", gapCount: 0 }, null, "250 bars"],
])("one that ended: %o", async (part, act, told) => {
  shows({ phase: null, ...part });
  renderPage(<DownloadsPanel />);
  const row = await screen.findByRole("listitem");
  expect(within(row).getByText(told)).toBeInTheDocument();
  const names = within(row)
    .getAllByRole("button")
    .map((button) => button.getAttribute("aria-label") ?? button.textContent);
  expect(names).toEqual([...(act ? [act] : []), "Forget the download of BTC/USDT · binance · 1h"]);
});

test("what the socket tells is shown", async () => {
  const { around, goLive } = renderPage(<DownloadsPanel />);
  await waitFor(() => expect(server.to("GET /api/downloads")).not.toHaveLength(0));
  goLive();
  shows({});
  act(() => around.socket.says({ type: "changed", topic: "downloads", data: aDownload() }));
  expect(await screen.findByText("BTC/USDT · binance · 1h")).toBeInTheDocument();
});
