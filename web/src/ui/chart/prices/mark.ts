/** What is marked on a price chart; apart from its drawing, which loads later. */
import type { Bars, RoundTrip } from "@/api/types";
import type { Span } from "./view";

const PX_PER_MARKER = 4;

/** More fills than these in view would hide the prices in a window of this width. */
export const mostMarkers = (width: number): number => Math.floor(width / PX_PER_MARKER);

/** What is shown apart: its period, and of a trade the line from entry to exit where the chart has its prices. */
export interface Mark {
  readonly span: Span;
  readonly line: { readonly entryPrice: number; readonly exitPrice: number; readonly gain: boolean } | null;
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
    line: trade.assetName === assetName ? { entryPrice: trade.entryPrice, exitPrice, gain: trade.profit >= 0 } : null,
  };
}

/** Of one instant. */
export const markAt = (ms: number): Mark => ({ span: { fromMs: ms, toMs: ms }, line: null });
