/** A run's progress in words. */
import { isTerminal } from "@/api/types";
import type { RunKind, StatusBody } from "@/api/types";
import { fraction, rate, whole } from "@/format/numbers";
import { span } from "@/format/times";

export const runPath = (kind: RunKind, runKey: string): string => `/${kind}s/${encodeURIComponent(runKey)}`;

/** Everything that will not be done again: finished, failed and skipped alike. */
const doneOf = (run: StatusBody): number => run.processed + run.failed + run.skipped;

export const shareOf = (run: StatusBody): number => (run.status === "Completed" ? 1 : fraction(doneOf(run), run.total));

/** `Processed 1,200 / 8,760 Bars` */
export const processedText = (run: StatusBody): string =>
  `Processed ${whole(run.kind === "optimization" ? doneOf(run) : run.processed)} / ${whole(run.total)} ${
    run.kind === "optimization" ? "Combinations" : "Bars"
  }`;

export const rateText = (run: StatusBody): string | null =>
  run.ratePerSecond ? rate(run.ratePerSecond, run.kind === "optimization" ? "combinations" : "bars") : null;

/** Whole seconds, and at least one: an estimate is no stopwatch. */
export const etaSpan = (run: StatusBody): string =>
  span(run.etaSeconds === null ? null : Math.max(1, run.etaSeconds) * 1000);

export const etaText = (run: StatusBody): string | null =>
  run.etaSeconds === null || isTerminal(run.status) ? null : `about ${etaSpan(run)} left`;

const PHASES: Record<NonNullable<StatusBody["phase"]>, string> = {
  queued: "Waiting for a worker",
  starting: "Starting",
  compiling: "Compiling the strategy",
  simulating: "Simulating",
  evaluating: "Evaluating",
  saving: "Saving the result",
};

/** What is going on now, in a few words. */
export function phaseText(run: StatusBody): string {
  if (run.cancelRequested && !isTerminal(run.status)) return "Stopping";
  if (run.status === "Pending")
    return run.queuePosition === null ? "Waiting for a worker" : `Queued, number ${whole(run.queuePosition)}`;
  return run.phase ? PHASES[run.phase] : "Running";
}
