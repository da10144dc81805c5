/** The end of a run in a few words. */
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { span } from "@/format/times";
import { paramLine } from "@/format/words";

export const endTitle = ({ strategyName, status }: StatusBody): string =>
  status === "Completed"
    ? `${strategyName} completed`
    : status === "Failed"
      ? `${strategyName} failed`
      : `${strategyName} was cancelled`;

export function endDetail(run: StatusBody): string {
  if (run.status === "Failed" && run.errorMessage) return run.errorMessage;
  const what =
    run.label ??
    (run.kind === "optimization" ? `${whole(run.processed)} combinations` : paramLine(run.parameters).trim());
  return [what, `after ${span(run.elapsedMs)}`].filter(Boolean).join(", ");
}
