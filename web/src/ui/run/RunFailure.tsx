/** Why a run failed: the message first, the stack trace for whoever mends it. */
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { barTime, isDaily } from "@/format/times";
import { Notice } from "../Notice";

export function RunFailure({ run }: { run: StatusBody }) {
  return (
    <Notice tone="bad" title="This run failed.">
      <p data-testid="error-message">{run.errorMessage ?? "The server gave no reason."}</p>
      {whereOf(run) && (
        <p className="soft num" data-testid="failed-at">
          {whereOf(run)}
        </p>
      )}
      {run.errorStackTrace && (
        <details open>
          <summary>Stack trace</summary>
          <pre className="trace" data-testid="stack-trace" tabIndex={0}>
            {run.errorStackTrace}
          </pre>
        </details>
      )}
    </Notice>
  );
}

/** How far a backtest came. */
function whereOf({ kind, processed, total, barTime: last, timeFrame }: StatusBody): string | null {
  if (kind !== "backtest" || !last) return null;
  return `It failed after ${whole(processed)} of ${whole(total)} bars. The last one that was done opened ${barTime(last, timeFrame)}${isDaily(timeFrame) ? "" : " UTC"}.`;
}
