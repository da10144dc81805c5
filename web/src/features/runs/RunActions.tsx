/** What can be done to a run of the list. Known by little, so that a run that moves does not draw it again. */
import { memo, useState } from "react";
import type { RunKind } from "@/api/types";
import { useRunActions } from "@/live/actions";
import { Ask } from "@/ui/Ask";
import { IconButton } from "@/ui/Button";

interface RunActionsProps {
  kind: RunKind;
  runKey: string;
  name: string;
  over: boolean;
  stopping: boolean;
}

export const RunActions = memo(function RunActions({ kind, runKey, name, over, stopping }: RunActionsProps) {
  const actions = useRunActions({ kind, runKey });
  const [asking, setAsking] = useState(false);
  return (
    <div className="run-actions">
      {over ? (
        <>
          <IconButton
            label={`Run ${name} again`}
            icon="again"
            disabled={actions.busy}
            onClick={() => actions.again()}
          />
          <IconButton label={`Delete ${name}`} icon="bin" disabled={actions.busy} onClick={() => setAsking(true)} />
        </>
      ) : (
        <IconButton
          label={`Cancel ${name}`}
          icon="cancel"
          disabled={actions.busy || stopping}
          onClick={actions.cancel}
        />
      )}
      {asking && (
        <Ask title="Delete this run?" act="Delete" onAct={() => actions.remove()} onClose={() => setAsking(false)}>
          <p>Its result and files go too. The same request can be run again at any time.</p>
        </Ask>
      )}
      {actions.error && (
        <span className="small loss" role="alert">
          {actions.error.message}
        </span>
      )}
    </div>
  );
});
