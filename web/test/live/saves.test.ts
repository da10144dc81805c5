import { beforeEach, describe, expect, test } from "vitest";
import { savesOf } from "@/live/saves";
import { aStatus } from "../builders";
import { FakeServer } from "../fakes/server";

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
const labels = (part: Parameters<typeof aStatus>[0]): string[] => savesOf(aStatus(part)).map(({ label }) => label);

describe("what can be kept of a run", () => {
  test("is a report and the tables of a backtest that has a result", () => {
    expect(labels({ resultAttempt: 1 })).toEqual([
      "Report as one HTML file",
      "Trades as CSV",
      "Trades as Parquet",
      "Orders as CSV",
    ]);
    expect(labels({ resultAttempt: null, status: "Failed" })).toEqual([]);
  });
  test("is what was finished of an optimization that was cancelled", () => {
    expect(labels({ kind: "optimization", status: "Cancelled", processed: 4 })).toEqual([
      "Trials as CSV",
      "Trials as Parquet",
    ]);
    expect(labels({ kind: "optimization", status: "Cancelled", processed: 0 })).toEqual([]);
    expect(labels({ kind: "optimization", status: "Completed", resultAttempt: 1 })).toHaveLength(3);
  });
  test("is asked of the server when it is wanted", async () => {
    const run = aStatus({ resultAttempt: 1 });
    server.on(`GET /api/backtests/${run.runKey}/report.html`, () => "text");
    const [report] = savesOf(run);
    expect(report?.name).toBe(`${run.runKey}.html`);
    expect(await report?.load().then((blob) => blob.text())).toBe('"text"');
  });
});
