/** What is marked on a price chart; apart from its drawing, which loads later. */
import type { Bars, Marker, RoundTrip } from "@/api/types";
import type { Span } from "./view";

const PX_PER_MARKER = 4;
const PX_PER_SIZE = 30;

/** More fills than these in view would hide the prices in a window of this width. */
export const mostMarkers = (width: number): number => Math.floor(width / PX_PER_MARKER);

/** The fills that are drawn, and whether their size stands beside them. */
export interface Fills {
  readonly fills: readonly Marker[];
  readonly sized: boolean;
}

const NONE: Fills = { fills: [], sized: false };

/** Of these fills those that a window of this width has room for, with `seen` of them in view. */
export const roomFor = (fills: readonly Marker[], seen: number, width: number): Fills =>
  seen > mostMarkers(width) ? NONE : { fills, sized: seen <= width / PX_PER_SIZE };

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
