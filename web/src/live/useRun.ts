/** One run, kept right by the socket, or by polling while there is none. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ApiError } from "@/api/http";
import { fetchStatus } from "@/api/runs";
import { isTerminal } from "@/api/types";
import type { RunKind, StatusBody } from "@/api/types";
import { useConnection, useFeed, useFollow, useIsRemoved, useLiveRun, useWatched } from "./context";
import { bodyOf, compareRev, overlay } from "./runs";

const POLL_MS: Record<RunKind, number> = { backtest: 5000, optimization: 30_000 };
/** A waiting run's place in the queue is no part of its revision, so the socket does not tell it. */
const QUEUE_MS = 3000;

export interface FollowedRun {
  run: StatusBody | undefined;
  error: ApiError | null;
  removed: boolean;
  retry: () => void;
}

export function useRun(kind: RunKind, runKey: string): FollowedRun {
  const feed = useFeed();
  const connection = useConnection();
  const live = useLiveRun(runKey);
  const removed = useIsRemoved(runKey);
  useFollow(runKey);

  const { data, error, refetch } = useQuery<StatusBody, ApiError>({
    queryKey: ["status", kind, runKey],
    queryFn: async ({ signal }) => {
      const body = await fetchStatus(kind, runKey, signal);
      feed.offer(body);
      return body;
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      const status = live?.state.status ?? query.state.data?.status;
      if (status && isTerminal(status)) return false;
      if (connection === "polling") return POLL_MS[kind];
      return connection === "live" && status === "Pending" ? QUEUE_MS : false;
    },
  });

  // the socket brings the final state, the status the result
  const ended = live !== undefined && isTerminal(live.state.status);
  const behind = ended && data !== undefined && compareRev(live.rev, data.rev) > 0;
  useEffect(() => {
    if (behind) void refetch();
  }, [behind, refetch]);

  const own = data?.runKey === runKey ? data : undefined;
  const run = own ? overlay(own, live) : live && bodyOf(live);
  useWatch(run);
  return { run, error: own ? null : error, removed, retry: () => void refetch() };
}

/** Who looked at a run under way wants to hear of its end. */
function useWatch(run: StatusBody | undefined): void {
  const watched = useWatched();
  const { kind, runKey, attempt, status } = run ?? {};
  const isUnderWay = status !== undefined && !isTerminal(status);
  useEffect(() => {
    if (watched && kind && runKey && attempt && isUnderWay) watched.add({ kind, runKey, attempt });
  }, [watched, kind, runKey, attempt, isUnderWay]);
}
