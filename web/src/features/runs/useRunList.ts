/** The runs that match a filter, page by page, of one kind or of both. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { listRuns } from "@/api/runs";
import type { RunKind, StatusBody } from "@/api/types";
import { useConnection } from "@/live/context";
import { mergeNewestFirst } from "./merge";

export interface ListFilter {
  kind: RunKind | "all";
  status: string;
  q: string;
}

const PAGE = 50;
const POLL_MS = 5000;

export interface RunList {
  items: readonly StatusBody[];
  total: number;
  isLoading: boolean;
  error: Error | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
}

export function useRunList({ kind, status, q }: ListFilter): RunList {
  const backtests = useKind("backtest", kind !== "optimization", status, q);
  const optimizations = useKind("optimization", kind !== "backtest", status, q);
  const lists = [backtests, optimizations].filter((_, index) => kind === "all" || kind === KINDS[index]);
  const merged = mergeNewestFirst(
    lists.map(({ data, hasNextPage }) => ({
      items: data?.pages.flatMap((page) => page.items) ?? [],
      hasMore: hasNextPage,
    })),
  );
  return {
    items: merged.items,
    total: lists.reduce((sum, { data }) => sum + (data?.pages[0]?.totalCount ?? 0), 0),
    isLoading: lists.some(({ isPending }) => isPending),
    error: lists.find(({ error, data }) => error && !data)?.error ?? null,
    hasMore: merged.behind.length > 0,
    isLoadingMore: lists.some(({ isFetchingNextPage }) => isFetchingNextPage),
    loadMore: () => {
      for (const index of merged.behind) void lists[index]?.fetchNextPage();
    },
    retry: () => {
      for (const list of lists) void list.refetch();
    },
  };
}

const KINDS: readonly RunKind[] = ["backtest", "optimization"];

function useKind(kind: RunKind, enabled: boolean, status: string, q: string) {
  const connection = useConnection();
  return useInfiniteQuery({
    queryKey: ["runs", kind, status, q],
    queryFn: ({ pageParam, signal }) => listRuns(kind, { q, status, cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled,
    placeholderData: keepPreviousData,
    refetchInterval: connection === "polling" ? POLL_MS : false,
  });
}
