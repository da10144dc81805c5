import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RunKind } from "@/api/types";
import { useRun } from "@/live/useRun";
import { aRunInfo, aState, aStatus } from "../builders";
import { renderPage } from "../fakes/page";
import { FakeServer } from "../fakes/server";

const KEY = aRunInfo().runKey;

function Shown({ kind }: { kind: RunKind }) {
  const { run, removed } = useRun(kind, KEY);
  return <output>{removed ? "removed" : `${run?.status ?? "none"} ${String(run?.processed ?? "")}`}</output>;
}

let server: FakeServer;
beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (ms: number): Promise<void> => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));

describe.each([
  ["backtest", 5000],
  ["optimization", 30_000],
] as const)("the status of a running %s", (kind, every) => {
  const address = `GET /api/${kind}s/${KEY}/status`;

  test(`is polled every ${String(every / 1000)} s while the socket is lost, and no more when it is back`, async () => {
    server.on(address, () =>
      aStatus({ kind, processed: server.to(address).length, rev: [1, server.to(address).length] }),
    );
    const { around, goLive } = renderPage(<Shown kind={kind} />);
    goLive();
    await pass(0);
    await pass(every * 2);
    const whileLive = server.to(address).length;

    around.alive = true;
    await act(async () => {
      around.socket.drops();
      await around.pass(0);
    });
    await pass(every * 2 + 10);
    expect(server.to(address).length).toBe(whileLive + 2);
    expect(screen.getByRole("status")).toHaveTextContent(`Running ${String(whileLive + 2)}`);

    await act(() => around.pass(400));
    goLive();
    await pass(10);
    const back = server.to(address).length;
    await pass(every * 3);
    expect(server.to(address).length).toBe(back);
  });
});

test("the socket's news is shown without asking", async () => {
  const address = `GET /api/backtests/${KEY}/status`;
  server.on(address, () => aStatus({ rev: [1, 1], processed: 1 }));
  const { around, goLive } = renderPage(<Shown kind="backtest" />);
  goLive();
  await pass(0);
  act(() =>
    around.socket.says({ type: "update", runKey: KEY, attempt: 1, rev: [1, 9], state: aState({ processed: 900 }) }),
  );
  expect(screen.getByRole("status")).toHaveTextContent("Running 900");
});

test("a final state on the socket fetches the result", async () => {
  const address = `GET /api/backtests/${KEY}/status`;
  server.on(address, () => aStatus({ rev: [1, 1] }));
  const { around, goLive } = renderPage(<Shown kind="backtest" />);
  goLive();
  await pass(0);
  const asked = server.to(address).length;
  server.on(address, () => aStatus({ rev: [1, 9], status: "Completed", resultAttempt: 1 }));
  act(() =>
    around.socket.says({
      type: "update",
      runKey: KEY,
      attempt: 1,
      rev: [1, 9],
      state: aState({ status: "Completed" }),
    }),
  );
  await pass(0);
  expect(server.to(address).length).toBe(asked + 1);
  expect(screen.getByRole("status")).toHaveTextContent("Completed");
});

test("a run that is removed says so", async () => {
  server.on(`GET /api/backtests/${KEY}/status`, () => aStatus());
  const { around, goLive } = renderPage(<Shown kind="backtest" />);
  goLive();
  await pass(0);
  act(() => around.socket.says({ type: "removed", runKey: KEY, rev: [1, 20] }));
  expect(screen.getByRole("status")).toHaveTextContent("removed");
});
