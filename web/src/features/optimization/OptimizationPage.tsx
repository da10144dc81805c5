/** One optimization: its progress with the best so far, then all of its trials. */
import { useState } from "react";
import { useLocation } from "wouter";
import { isTerminal } from "@/api/types";
import type { OptimizationResult, StatusBody } from "@/api/types";
import { whole, wholePercent } from "@/format/numbers";
import { useRunActions } from "@/live/actions";
import { useDatasetOf } from "@/live/catalogue";
import { useRequest } from "@/live/useRequest";
import { useRun } from "@/live/useRun";
import { Ask } from "@/ui/Ask";
import { Notice, Skeleton } from "@/ui/Notice";
import { RunFailure } from "@/ui/run/RunFailure";
import { RunHead } from "@/ui/run/RunHead";
import { RunDeleted, RunNotThere } from "@/ui/run/RunMissing";
import { SettingsFacts } from "@/ui/run/SettingsFacts";
import { phaseText, processedText, runPath, shareOf } from "@/ui/run/words";
import { useTitle } from "@/ui/title";
import { FailuresPanel } from "./FailuresPanel";
import { Leaders } from "./Leaders";
import { LiveSweep } from "./LiveSweep";
import { SweepFigures } from "./SweepFigures";
import { TrialsPanel } from "./TrialsPanel";
import type { TrialFilter } from "./TrialsPanel";
import "./optimization.css";

export function OptimizationPage({ runKey }: { runKey: string }) {
  const { run, error, removed, retry } = useRun("optimization", runKey);
  if (removed) return <RunDeleted />;
  if (!run && error) return <RunNotThere kind="optimization" error={error} onRetry={retry} />;
  return run ? <Optimization run={run} /> : <Skeleton tall />;
}

function Optimization({ run }: { run: StatusBody }) {
  const actions = useRunActions(run);
  const [, go] = useLocation();
  const [asking, setAsking] = useState(false);
  const [filter, setFilter] = useState<TrialFilter>("all");
  const result = (run.result ?? null) as OptimizationResult | null;
  const request = useRequest(run, result === null);
  const dataset = useDatasetOf(run);
  const synthetic = result ? result.data.some((used) => used.synthetic) : dataset?.synthetic === true;
  const over = isTerminal(run.status);
  useTitle(over ? `${run.status}: ${run.strategyName}` : `${wholePercent(shareOf(run))} ${run.strategyName}`);
  return (
    <div className="stack">
      <RunHead
        run={run}
        synthetic={synthetic}
        actions={{
          ...actions,
          again: () => actions.again(({ kind, runKey }) => go(runPath(kind, runKey))),
          askDelete: () => setAsking(true),
        }}
      />
      {!over && <LiveSweep run={run} />}
      {run.status === "Failed" && <RunFailure run={run} />}
      {run.status === "Cancelled" && (
        <Notice title="This optimization was cancelled.">
          <p>{processedText(run)} before it stopped. The finished trials are kept below.</p>
        </Notice>
      )}
      {result && run.resultAttempt !== run.attempt && (
        <Notice tone="warn" title={`Below is the result of attempt ${whole(run.resultAttempt)}.`}>
          <p>
            The newest attempt, number {whole(run.attempt)}: {over ? run.status : phaseText(run)}.
          </p>
        </Notice>
      )}
      {result ? <SweepFigures run={run} result={result} /> : <Leaders run={run} sortBy={request?.sortBy} />}
      {result && result.failures.length > 0 && (
        <FailuresPanel failures={result.failures} onShow={() => setFilter("Failed")} />
      )}
      {run.status !== "Pending" && (
        <TrialsPanel
          key={`${String(run.attempt)} ${String(run.resultAttempt)}`}
          run={run}
          sortBy={result?.sortBy ?? request?.sortBy}
          filter={filter}
          onFilter={setFilter}
        />
      )}
      <SettingsFacts run={run} result={result} request={request} />
      {asking && (
        <Ask
          title="Delete this optimization?"
          act="Delete"
          onAct={() => actions.remove(() => go("/"))}
          onClose={() => setAsking(false)}
        >
          <p>Its trials go too. The same request can be run again at any time.</p>
        </Ask>
      )}
    </div>
  );
}
