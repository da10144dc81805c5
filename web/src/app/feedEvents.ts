/** What the socket tells, as the cached REST answers need it. */
import type { QueryClient } from "@tanstack/react-query";
import type { FeedEvents } from "@/live/feed";
import { SYSTEM } from "@/live/system";

/** Many runs that end together make one question, not many. */
const GATHER_MS = 400;
/** A long list is long to read: while runs come and go all the time it is asked for no more often than this. */
const APART_MS = 2000;

export function feedEvents(queries: QueryClient, now: () => number = () => performance.now()): FeedEvents {
  let waiting = false;
  let askedAt = -APART_MS;
  return {
    onLive: () => void queries.invalidateQueries(),
    onRunsChanged: () => {
      if (waiting) return;
      waiting = true;
      const wait = Math.max(GATHER_MS, askedAt + APART_MS - now());
      setTimeout(() => {
        waiting = false;
        askedAt = now();
        void queries.invalidateQueries({ queryKey: ["runs"] });
      }, wait);
    },
    onTopic: (topic, data) => {
      // the system is told whole; of a catalogue only that it changed
      if (topic === SYSTEM) queries.setQueryData([SYSTEM], data);
      else void queries.invalidateQueries({ queryKey: [topic] });
    },
  };
}
