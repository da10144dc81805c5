/** What can be done to a run that exists. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ApiError } from "@/api/http";
import { requestOf } from "@/api/request";
import { cancelRun, deleteRun, fetchRun, submitRun } from "@/api/runs";
import { isTerminal } from "@/api/types";
import type { RequestBody, RunKind, StatusBody, Submission } from "@/api/types";
import { useWatched } from "./context";
import type { Watched } from "./watched";

type Named = Pick<StatusBody, "kind" | "runKey">;

export interface RunActions {
  cancel: () => void;
  remove: (then?: () => void) => void;
  /** Starts the run again and tells what came of it. */
  again: (then?: (submission: Submission) => void) => void;
  /** Starts it again with an event log; what is stored stays. */
  withLog: (then?: (submission: Submission) => void) => void;
  busy: boolean;
  error: Error | null;
}

export function useRunActions(run: Named): RunActions {
  const queries = useQueryClient();
  const refresh = (): Promise<void> =>
    queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "runs" || queryKey[2] === run.runKey });
  const watched = useWatched();
  const cancel = useMutation({
    mutationFn: () => tolerant(cancelRun(run.kind, run.runKey)),
    // who stops a run knows that it ends
    onSuccess: () => watched?.told(run.runKey),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => deleteRun(run.kind, run.runKey),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["runs"] }),
  });
  const again = useMutation({
    mutationFn: (log: boolean) => startAgain(run, log),
    onSuccess: (submission) => {
      watch(watched, submission);
      return refresh();
    },
  });
  return {
    cancel: () => cancel.mutate(),
    remove: (then) => remove.mutate(undefined, { onSuccess: () => then?.() }),
    again: (then) => again.mutate(false, { onSuccess: (submission) => then?.(submission) }),
    withLog: (then) => again.mutate(true, { onSuccess: (submission) => then?.(submission) }),
    busy: cancel.isPending || remove.isPending || again.isPending,
    error: cancel.error ?? remove.error ?? again.error,
  };
}

/** What is done already has no end to wait for. */
function watch(watched: Watched | null, { kind, runKey, attempt, status }: Submission): void {
  if (!isTerminal(status)) watched?.add({ kind, runKey, attempt });
}

async function startAgain({ kind, runKey }: Named, log: boolean): Promise<Submission> {
  const run = await fetchRun(kind, runKey);
  const body = requestOf(run);
  if (log) return submitRun(kind, { ...body, eventLog: true });
  return submitRun(kind, run.status === "Completed" ? { ...body, force: true } : body);
}

/** Cancelling what has just ended is no failure that a reader could act on. */
async function tolerant(cancelling: Promise<unknown>): Promise<void> {
  try {
    await cancelling;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "already_terminal")) throw error;
  }
}

/** Submits a run of either kind. */
export function useSubmit(then: (submission: Submission) => void) {
  const queries = useQueryClient();
  const watched = useWatched();
  return useMutation<Submission, ApiError, { kind: RunKind; body: RequestBody }>({
    mutationFn: ({ kind, body }) => submitRun(kind, body),
    onSuccess: (submission) => {
      watch(watched, submission);
      void queries.invalidateQueries({ queryKey: ["runs"] });
      then(submission);
    },
  });
}
