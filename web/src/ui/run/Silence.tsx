/** Says when a worker of a run has not moved for long: one that is slow moves, one that is stuck does not. */
import type { RunKind } from "@/api/types";
import { span } from "@/format/times";

/** Of machine code a bar takes nanoseconds, of Python milliseconds. */
const LONG_S = 5;

export function Silence({ kind, seconds }: { kind: RunKind; seconds: number }) {
  if (seconds < LONG_S) return null;
  return (
    <p className="small warn-ink" role="status" data-testid="silence">
      {kind === "optimization" ? "One of its workers" : "Its worker"} has shown no progress for {span(seconds * 1000)}:
      it may be stuck. Cancel ends it whatever it does.
    </p>
  );
}
