import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { EndedRuns } from "@/app/notices/EndedRuns";
import { aRunInfo, aState, aStatus } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer } from "../fakes/server";

const KEY = aRunInfo().runKey;
const WATCH = { kind: "backtest", runKey: KEY, attempt: 1 } as const;
let server: FakeServer;

beforeEach(() => {
  server = new FakeServer().on(`GET /api/backtests/${KEY}/status`, () => aStatus({ status: "Running" }));
});

function watching(path = "/new") {
  const page = renderPage(<EndedRuns />, path);
  page.goLive();
  const says = (seq: number, status: "Running" | "Completed" | "Failed", attempt = 1): void =>
    act(() =>
      page.around.socket.says({
        type: "snapshot",
        ...{ runKey: KEY, rev: [attempt, seq], run: aRunInfo({ attempt }), state: aState({ status }) },
      }),
    );
  says(1, "Running");
  act(() => page.watched.add(WATCH));
  return { ...page, says };
}

const toast = () => screen.queryByTestId("toast");

test("a run that ends while one looks elsewhere is told with a link, once, and dismissed", async () => {
  const page = watching();
  expect(toast()).toBeNull();
  page.says(2, "Completed");
  const link = await screen.findByRole("link", { name: "SmaCrossover completed" });
  expect(link).toHaveAttribute("href", `/backtests/${KEY}`);
  expect(page.watched.get()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Dismiss: SmaCrossover completed" }));
  expect(toast()).toBeNull();
});

test("a run that is looked at needs no notice of its end", async () => {
  const page = watching(`/backtests/${KEY}`);
  page.says(2, "Failed");
  await waitFor(() => expect(page.watched.get()).toEqual([]));
  expect(toast()).toBeNull();
});

test("what ended while nobody listened is asked for", async () => {
  const page = watching();
  server.on(`GET /api/backtests/${KEY}/status`, () =>
    aStatus({ status: "Failed", rev: [1, 9], errorMessage: "by zero" }),
  );
  act(() => page.around.socket.says({ type: "topic", id: 1, topic: "runs", runs: [] }));
  expect(await screen.findByText("by zero")).toBeVisible();
});

test("the end of an earlier attempt is no news, and a deleted run is waited for no more", async () => {
  const page = watching();
  act(() => page.watched.add({ ...WATCH, attempt: 2 }));
  page.says(2, "Completed");
  expect(toast()).toBeNull();
  act(() => page.around.socket.says({ type: "removed", runKey: KEY, rev: [3, 0] }));
  await waitFor(() => expect(page.watched.get()).toEqual([]));
  expect(toast()).toBeNull();
});

test("who sees the row of the run in the list need not be told", async () => {
  const page = watching("/");
  const row = document.createElement("li");
  row.dataset["run"] = KEY;
  row.getBoundingClientRect = () => ({ top: 10, bottom: 90 }) as DOMRect;
  document.body.append(row);
  page.says(2, "Completed");
  await waitFor(() => expect(page.watched.get()).toEqual([]));
  expect(toast()).toBeNull();
  row.remove();
});

test("what another tab has told is not told again", async () => {
  const page = watching();
  page.watched.told(KEY);
  page.says(2, "Completed");
  await Promise.resolve();
  expect(toast()).toBeNull();
});
