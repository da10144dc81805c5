/** Why trials failed, equal reasons together, the most frequent first; each with the stack trace of one of them. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchTrial } from "@/api/trials";
import type { OptimizationResult, StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { paramLine } from "@/format/words";
import { Button } from "@/ui/Button";
import { Failure, Skeleton } from "@/ui/Notice";

type Failures = OptimizationResult["failures"];

const AT_FIRST = 5;

interface FailuresProps {
  run: StatusBody;
  failures: Failures;
  onShow: () => void;
}

export function FailuresPanel({ run, failures, onShow }: FailuresProps) {
  const [all, setAll] = useState(false);
  const ordered = [...failures].sort((a, b) => b.count - a.count);
  const shown = all ? ordered : ordered.slice(0, AT_FIRST);
  return (
    <section className="panel" aria-labelledby="failures-head">
      <header>
        <h2 id="failures-head">Failures</h2>
        <span className="faint small num">
          {failures.length === 1 ? "one reason" : `${whole(failures.length)} different reasons`}
        </span>
        <span className="push">
          <Button small onClick={onShow}>
            Show the failed trials
          </Button>
        </span>
      </header>
      <ul className="failures" data-testid="failures">
        {shown.map((group) => (
          <Group key={group.message} run={run} group={group} />
        ))}
      </ul>
      {shown.length < ordered.length && (
        <p className="failures-more">
          <Button small look="quiet" onClick={() => setAll(true)}>
            Show {whole(ordered.length - shown.length)} more
          </Button>
        </p>
      )}
    </section>
  );
}

function Group({ run, group }: { run: StatusBody; group: Failures[number] }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <span className="num loss">{whole(group.count)} ×</span>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="mono">{group.message}</summary>
        {open && <Example run={run} trialKey={group.exampleTrialKey} />}
      </details>
    </li>
  );
}

/** One of the trials that failed so. */
function Example({ run, trialKey }: { run: StatusBody; trialKey: string }) {
  const {
    data: trial,
    error,
    refetch,
  } = useQuery({
    queryKey: ["trial", "optimization", run.runKey, run.rev, trialKey],
    queryFn: ({ signal }) => fetchTrial(run.runKey, trialKey, signal),
    staleTime: Infinity,
  });
  if (!trial) return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton />;
  return (
    <>
      <p className="small faint">
        Trial {whole(trial.index)}: {paramLine(trial.parameters)}
      </p>
      <pre className="trace" tabIndex={0} data-testid="failure-trace">
        {trial.errorStackTrace ?? "No stack trace was kept."}
      </pre>
    </>
  );
}
