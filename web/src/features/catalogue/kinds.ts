/** What the rows of a data set are. */
import type { DatasetKind } from "@/api/types";

export const KIND_NAMES: Record<DatasetKind, string> = {
  bars: "Bars",
  funding: "Funding rates",
  dividends: "Dividends",
};

/** The columns that a file of each kind has. */
export const KIND_COLUMNS: Record<DatasetKind, string> = {
  bars: "time, open, high, low, close and, when there is one, volume",
  funding: "time and rate, as a share of the position's value",
  dividends: "time and amount of quote currency per unit",
};
