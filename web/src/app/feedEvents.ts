/** What the socket tells, as the cached REST answers need it. */
import type { QueryClient } from "@tanstack/react-query";
import type { FeedEvents } from "@/live/feed";

/** Many runs that end together make one question, not many. */
const GATHER_MS = 400;

export function feedEvents(queries: QueryClient): FeedEvents {
  let waiting = false;
  return {
    onLive: () => void queries.invalidateQueries(),
    onRunsChanged: () => {
      if (waiting) return;
      waiting = true;
      setTimeout(() => {
        waiting = false;
        void queries.invalidateQueries({ queryKey: ["runs"] });
      }, GATHER_MS);
    },
    onTopic: (topic) => void queries.invalidateQueries({ queryKey: [topic] }),
  };
}
