/** What is marked on a price chart; apart from its drawing, which loads later. */

/** More fills than these in view would hide the prices. */
export const MOST_MARKERS = 400;

/** A trade that is shown apart: from its entry to its exit, or to the last bar while it is open. */
export interface Mark {
  readonly entryMs: number;
  readonly entryPrice: number;
  readonly exitMs: number;
  readonly exitPrice: number;
  readonly isOpen: boolean;
  readonly gain: boolean;
}
