/** What a run left behind, as files to be kept. */
import { ask } from "./http";
import { plural } from "./types";
import type { RunKind } from "./types";

const at = (kind: RunKind, runKey: string): string => `/api/${plural(kind)}/${encodeURIComponent(runKey)}`;

const file = async (path: string, accept: string): Promise<Blob> =>
  (await ask(path, { headers: { Accept: accept } })).blob();

/** The report as one HTML file that opens offline. */
export const fetchReport = (kind: RunKind, runKey: string): Promise<Blob> =>
  file(`${at(kind, runKey)}/report.html`, "text/html");

/** All round trips of a backtest; needs an extra of the server. */
export const fetchTradesParquet = (runKey: string): Promise<Blob> =>
  file(`${at("backtest", runKey)}/trades`, "application/vnd.apache.parquet");

/** All round trips, or all orders, of a backtest. */
export const fetchBacktestCsv = (runKey: string, what: "trades" | "orders"): Promise<Blob> =>
  file(`${at("backtest", runKey)}/${what}`, "text/csv");
