/** The feed as components read it. */
import { createContext, useCallback, useContext, useEffect, useSyncExternalStore } from "react";
import type { ConnectionStatus } from "./connection";
import type { Feed } from "./feed";
import { isTerminal } from "@/api/types";
import type { LiveRun } from "./runs";
import type { Watched } from "./watched";

export const FeedContext = createContext<Feed | null>(null);

/** None where ends are not told. */
export const WatchedContext = createContext<Watched | null>(null);

export const useWatched = (): Watched | null => useContext(WatchedContext);

export function useFeed(): Feed {
  const feed = useContext(FeedContext);
  if (!feed) throw new Error("No feed above this component.");
  return feed;
}

export function useConnection(): ConnectionStatus {
  const feed = useFeed();
  return useSyncExternalStore(feed.onStatus, feed.getStatus);
}

export function useLiveRun(runKey: string): LiveRun | undefined {
  const feed = useFeed();
  const subscribe = useCallback((listener: () => void) => feed.onRun(runKey, listener), [feed, runKey]);
  return useSyncExternalStore(subscribe, () => feed.getRun(runKey));
}

export function useLiveRuns(): ReadonlyMap<string, LiveRun> {
  const feed = useFeed();
  return useSyncExternalStore(feed.onRuns, feed.getRuns);
}

/** How many runs wait or run; another number, and nothing else, draws anew. */
export function useActiveCount(): number {
  const feed = useFeed();
  return useSyncExternalStore(feed.onRuns, () => {
    let count = 0;
    for (const { state } of feed.getRuns().values()) if (!isTerminal(state.status)) count += 1;
    return count;
  });
}

export function useIsRemoved(runKey: string): boolean {
  const feed = useFeed();
  const subscribe = useCallback((listener: () => void) => feed.onRun(runKey, listener), [feed, runKey]);
  return useSyncExternalStore(subscribe, () => feed.isRemoved(runKey));
}

export function useFollow(runKey: string): void {
  const feed = useFeed();
  useEffect(() => feed.follow(runKey), [feed, runKey]);
}
