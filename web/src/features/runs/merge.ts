/** Two lists, each in pages of its own, as one list in one order. */
import type { MetricName, StatusBody } from "@/api/types";

export interface Loaded {
  readonly items: readonly StatusBody[];
  readonly hasMore: boolean;
}

export interface Merged {
  readonly items: readonly StatusBody[];
  /** Which of the lists must load more before anything further may show; empty when all is here. */
  readonly behind: readonly number[];
}

type Order = (a: StatusBody, b: StatusBody) => number;
type Value = string | number | null | undefined;

function valueOf(item: StatusBody, name: string): Value {
  if (name === "submittedAt" || name === "updatedAt" || name === "strategyName") return item[name];
  return item.metrics?.[name as MetricName];
}

/** As the server sorts: what is undefined comes last either way, and equals go by their keys. */
export function orderOf(sort: string): Order {
  const falls = sort.startsWith("-");
  const name = falls ? sort.slice(1) : sort;
  const rise = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => {
    const [x, y] = [valueOf(a, name) ?? null, valueOf(b, name) ?? null];
    const order = x === null || y === null ? Number(x === null) - Number(y === null) : falls ? rise(y, x) : rise(x, y);
    return order || (falls ? rise(b.runKey, a.runKey) : rise(a.runKey, b.runKey));
  };
}

/**
 * The lists in the order that each of them has. A list that has more pages hides whatever the others know of what comes
 * after its last item: else a run would later appear in between.
 */
export function merge(lists: readonly Loaded[], sort: string): Merged {
  const order = orderOf(sort);
  const ends = lists.map(({ items, hasMore }) => (hasMore ? items.at(-1) : undefined));
  const horizon = ends.reduce<StatusBody | undefined>(
    (nearest, end) => (end && (!nearest || order(end, nearest) < 0) ? end : nearest),
    undefined,
  );
  const items = lists
    .flatMap((list) => list.items)
    .filter((item) => !horizon || order(item, horizon) <= 0)
    .sort(order);
  const behind = ends.flatMap((end, index) => (end && end === horizon ? [index] : []));
  return { items, behind };
}
