/** The runs that match a filter, page by page, of one kind or of both. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { listRuns } from "@/api/runs";
import type { RunKind, StatusBody } from "@/api/types";
import { useConnection } from "@/live/context";
import { queryOf } from "./filter";
import type { ListFilter } from "./filter";
import { merge } from "./merge";

/** How many runs a list shows at first, and how many more at a time. */
export const FIRST = 50;
export const MORE = 200;
const POLL_MS = 5000;

export interface RunList {
  items: readonly StatusBody[];
  total: number;
  isLoading: boolean;
  /** What is shown belongs to the filter before. */
  isStale: boolean;
  error: Error | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  retry: () => void;
}

/** Loads until `wanted` runs are there, or all. */
export function useRunList(filter: ListFilter, wanted: number): RunList {
  const { kind, sort } = filter;
  const backtests = useKind("backtest", kind !== "optimization", filter);
  const optimizations = useKind("optimization", kind !== "backtest", filter);
  const lists = [backtests, optimizations].filter((_, index) => kind === "all" || kind === KINDS[index]);
  const [first, second] = [lists[0]?.data, lists[1]?.data];
  const merged = useMemo(() => merge([first, second].flatMap(loadedOf), sort), [first, second, sort]);
  const isLoadingMore = lists.some(({ isFetchingNextPage }) => isFetchingNextPage);
  const isFetching = lists.some((list) => list.isFetching);
  const isShort = merged.items.length < wanted && merged.behind.length > 0;
  const failed = lists.some(({ isFetchNextPageError }) => isFetchNextPageError);
  useEffect(() => {
    if (!isShort || isFetching || failed) return;
    for (const index of merged.behind) void lists[index]?.fetchNextPage();
  });
  return {
    items: merged.items,
    total: lists.reduce((sum, { data }) => sum + (data?.pages[0]?.totalCount ?? 0), 0),
    isLoading: lists.some(({ isPending }) => isPending),
    isStale: lists.some(({ isPlaceholderData }) => isPlaceholderData),
    error: lists.find(({ error, data }) => error && !data)?.error ?? null,
    hasMore: merged.behind.length > 0,
    isLoadingMore: isLoadingMore || (isShort && !failed),
    retry: () => {
      for (const list of lists) void list.refetch();
    },
  };
}

const KINDS: readonly RunKind[] = ["backtest", "optimization"];

type Pages = NonNullable<ReturnType<typeof useKind>["data"]>;

const loadedOf = (data: Pages | undefined) =>
  data ? [{ items: data.pages.flatMap(({ items }) => items), hasMore: data.pages.at(-1)?.nextCursor !== null }] : [];

function useKind(kind: RunKind, enabled: boolean, filter: ListFilter) {
  const connection = useConnection();
  const asked = queryOf(filter);
  return useInfiniteQuery({
    queryKey: ["runs", kind, asked],
    queryFn: ({ pageParam, signal }) =>
      listRuns(kind, { ...asked, cursor: pageParam, limit: pageParam === null ? FIRST : MORE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: connection === "polling" ? POLL_MS : false,
  });
}
