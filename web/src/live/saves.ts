/** What of a run can be kept as a file. */
import { fetchBacktestCsv, fetchReport, fetchTradesParquet } from "@/api/files";
import { fetchTrialsFile } from "@/api/trials";
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";

export interface Save {
  readonly label: string;
  readonly name: string;
  readonly load: () => Promise<Blob>;
}

const AS_RANKED = { sort: null, status: null };

/** None while there is nothing yet. */
export function savesOf({ kind, runKey, status, resultAttempt, processed }: StatusBody): readonly Save[] {
  const report: Save = {
    label: "Report as one HTML file",
    name: `${runKey}.html`,
    load: () => fetchReport(kind, runKey),
  };
  if (kind === "backtest") {
    const csv = (what: "trades" | "orders"): Save => ({
      label: what === "trades" ? "Trades as CSV" : "Orders as CSV",
      name: `${runKey}.${what}.csv`,
      load: () => fetchBacktestCsv(runKey, what),
    });
    const parquet: Save = {
      label: "Trades as Parquet",
      name: `${runKey}.trades.parquet`,
      load: () => fetchTradesParquet(runKey),
    };
    return resultAttempt === null ? [] : [report, csv("trades"), parquet, csv("orders")];
  }
  const trials = (as: "csv" | "parquet", label: string): Save => ({
    label,
    name: `${runKey}.${as}`,
    load: () => fetchTrialsFile(runKey, as, AS_RANKED),
  });
  const hasTrials = resultAttempt !== null || (isTerminal(status) && processed > 0);
  return [
    ...(resultAttempt === null ? [] : [report]),
    ...(hasTrials ? [trials("csv", "Trials as CSV"), trials("parquet", "Trials as Parquet")] : []),
  ];
}
