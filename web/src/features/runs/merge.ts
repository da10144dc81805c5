/** Two lists, each in pages of its own, as one list in order of submission. */
import type { StatusBody } from "@/api/types";

export interface Loaded {
  readonly items: readonly StatusBody[];
  readonly hasMore: boolean;
}

export interface Merged {
  readonly items: readonly StatusBody[];
  /** Which of the lists must load more before anything older may show; empty when all is here. */
  readonly behind: readonly number[];
}

/**
 * Newest first. A list that has more pages hides whatever the others know of older times: else a run would later
 * appear in between.
 */
export function mergeNewestFirst(lists: readonly Loaded[]): Merged {
  const horizons = lists.map(({ items, hasMore }) => (hasMore ? (items.at(-1)?.submittedAt ?? "") : ""));
  const horizon = horizons.reduce((a, b) => (a > b ? a : b), "");
  const items = lists
    .flatMap((list) => list.items)
    .filter(({ submittedAt }) => submittedAt >= horizon)
    .sort((a, b) => (a.submittedAt < b.submittedAt ? 1 : a.submittedAt > b.submittedAt ? -1 : 0));
  const behind = lists.flatMap(({ hasMore }, index) => (hasMore && horizons[index] === horizon ? [index] : []));
  return { items, behind };
}
