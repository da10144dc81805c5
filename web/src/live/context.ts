/** The feed as components read it. */
import { createContext, useCallback, useContext, useEffect, useSyncExternalStore } from "react";
import type { ConnectionStatus } from "./connection";
import type { Feed } from "./feed";
import type { LiveRun } from "./runs";

export const FeedContext = createContext<Feed | null>(null);

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

export function useIsRemoved(runKey: string): boolean {
  const feed = useFeed();
  const subscribe = useCallback((listener: () => void) => feed.onRun(runKey, listener), [feed, runKey]);
  return useSyncExternalStore(subscribe, () => feed.isRemoved(runKey));
}

export function useFollow(runKey: string): void {
  const feed = useFeed();
  useEffect(() => feed.follow(runKey), [feed, runKey]);
}
