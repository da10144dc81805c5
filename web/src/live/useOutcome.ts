/** How a run that nobody need be looking at ended. */
import { useQuery } from "@tanstack/react-query";
import type { ApiError } from "@/api/http";
import { fetchStatus } from "@/api/runs";
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { useConnection, useFeed, useIsRemoved, useLiveRun } from "./context";
import { bodyOf } from "./runs";
import type { Watch } from "./watched";

const POLL_MS = 5000;

export interface Outcome {
  /** Null while it is under way, and when it is gone. */
  ended: StatusBody | null;
  gone: boolean;
}

/** The socket tells of runs under way; of one that it does not know the status is asked for. */
export function useOutcome({ kind, runKey, attempt }: Watch): Outcome {
  const feed = useFeed();
  const connection = useConnection();
  const live = useLiveRun(runKey);
  const removed = useIsRemoved(runKey);
  const current = live && live.run.attempt >= attempt ? live : undefined;
  const ended = current && isTerminal(current.state.status) ? current : undefined;
  const { error } = useQuery<StatusBody, ApiError>({
    queryKey: ["status", kind, runKey],
    queryFn: async ({ signal }) => {
      const body = await fetchStatus(kind, runKey, signal);
      feed.offer(body);
      return body;
    },
    enabled: !ended && (connection === "polling" || (connection === "live" && !current)),
    refetchInterval: POLL_MS,
  });
  return { ended: ended ? bodyOf(ended) : null, gone: removed || (!live && error?.status === 404) };
}
