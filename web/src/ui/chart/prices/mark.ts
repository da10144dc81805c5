/** What is marked on a price chart; apart from its drawing, which loads later. */
import type { Bars, RoundTrip } from "@/api/types";
import type { Span } from "./view";

/** More fills than these in view would hide the prices. */
export const MOST_MARKERS = 400;

/** A trade that is shown apart: its period, and the line from entry to exit where the chart has its prices. */
export interface Mark {
  readonly span: Span;
  /** Null for a trade of another asset than the chart's. */
  readonly line: { readonly entryPrice: number; readonly exitPrice: number } | null;
  readonly gain: boolean;
}

/** The mark of a trade on the bars of `assetName`; one that is open goes on to their last close. */
export function markOf(trade: RoundTrip, { rows }: Bars, assetName: string): Mark {
  const last = rows.at(-1);
  const fromMs = Date.parse(trade.entryTime);
  const exitPrice = trade.exitPrice ?? last?.[4] ?? trade.entryPrice;
  return {
    span: {
      fromMs,
      toMs: trade.exitTime === null ? Math.max(fromMs, last?.[0] ?? fromMs) : Date.parse(trade.exitTime),
    },
    line: trade.assetName === assetName ? { entryPrice: trade.entryPrice, exitPrice } : null,
    gain: trade.profit >= 0,
  };
}
