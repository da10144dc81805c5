/** Why a run failed: the message first, the stack trace for whoever mends it. */
import type { StatusBody } from "@/api/types";
import { Notice } from "../Notice";

export function RunFailure({ run }: { run: StatusBody }) {
  return (
    <Notice tone="bad" title="This run failed.">
      <p data-testid="error-message">{run.errorMessage ?? "The server gave no reason."}</p>
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
