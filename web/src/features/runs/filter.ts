/** Which runs the list shows and in which order, as the page's address says it. */
import type { RunKind } from "@/api/types";
import type { RunQuery } from "@/api/runs";

export interface ListFilter {
  readonly kind: RunKind | "all";
  readonly status: string;
  readonly q: string;
  readonly strategy: string;
  readonly asset: string;
  readonly exchange: string;
  readonly timeFrame: string;
  /** The first and the last day of submission, in the reader's days. */
  readonly from: string;
  readonly to: string;
  readonly sort: string;
}

/** What narrows the list beyond what is always in sight. */
export const FURTHER = ["strategy", "asset", "exchange", "timeFrame", "from", "to"] as const;
const NARROWING = ["status", "q", ...FURTHER] as const;

export const NEWEST_FIRST = "-submittedAt";

export const SORTS = [
  [NEWEST_FIRST, "Newest first"],
  ["submittedAt", "Oldest first"],
  ["-updatedAt", "Last changed first"],
  ["strategyName", "Strategy, A to Z"],
  ["-netProfit", "Highest net profit"],
  ["-totalReturnPct", "Highest return"],
  ["-sharpeRatio", "Highest Sharpe ratio"],
  ["-maxDrawdownPct", "Smallest drawdown"],
  ["-totalTrades", "Most trades"],
] as const;

const isKind = (value: string | null): value is RunKind => value === "backtest" || value === "optimization";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address does not say, or says wrongly, narrows nothing. */
export function readFilter(search: URLSearchParams): ListFilter {
  const text = (name: string): string => search.get(name) ?? "";
  const day = (name: string): string => (DAY.test(text(name)) ? text(name) : "");
  const kind = search.get("kind");
  const sort = search.get("sort");
  return {
    kind: isKind(kind) ? kind : "all",
    status: text("status"),
    q: text("q"),
    strategy: text("strategy"),
    asset: text("asset"),
    exchange: text("exchange"),
    timeFrame: text("timeFrame"),
    from: day("from"),
    to: day("to"),
    sort: SORTS.some(([known]) => known === sort) && sort ? sort : NEWEST_FIRST,
  };
}

export const countFurther = (filter: ListFilter): number => FURTHER.filter((name) => filter[name] !== "").length;

export const isNarrowed = (filter: ListFilter): boolean =>
  filter.kind !== "all" || NARROWING.some((name) => filter[name] !== "");

/** The search of an address without what narrows: order and choice stay. */
export function widened(search: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of ["kind", ...NARROWING]) next.delete(name);
  return next;
}

/** The instant at which a day of the reader begins, or ends. */
function edgeOf(day: string, time: "00:00:00.000" | "23:59:59.999"): string | undefined {
  const moment = new Date(`${day}T${time}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** What the server is asked. */
export function queryOf({ q, status, strategy, asset, exchange, timeFrame, from, to, sort }: ListFilter): RunQuery {
  return {
    ...{ q, status, strategy, asset, exchange, timeFrame },
    from: edgeOf(from, "00:00:00.000"),
    to: edgeOf(to, "23:59:59.999"),
    sort: sort === NEWEST_FIRST ? undefined : sort,
  };
}
