/** The state of a run in one word. */
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { Pill } from "../Pill";

export function StatusPill({ run }: { run: Pick<StatusBody, "status" | "cancelRequested"> }) {
  const stopping = run.cancelRequested && !isTerminal(run.status);
  return (
    <Pill tone={stopping ? "warn" : run.status.toLowerCase()} dot>
      {stopping ? "Stopping" : run.status}
    </Pill>
  );
}
