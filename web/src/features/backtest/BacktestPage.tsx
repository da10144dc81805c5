/** One backtest: its progress with the equity so far, then the report, or why there is none. */
import { useState } from "react";
import { useLocation } from "wouter";
import { isTerminal } from "@/api/types";
import type { BacktestResult, StatusBody } from "@/api/types";
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
import { CurvePanel } from "./CurvePanel";
import { LivePanel } from "./LivePanel";
import { HeadFigures, MetricTables } from "./MetricsPanels";
import { TradesPanel } from "./TradesPanel";

export function BacktestPage({ runKey }: { runKey: string }) {
  const { run, error, removed, retry } = useRun("backtest", runKey);
  if (removed) return <RunDeleted />;
  if (!run && error) return <RunNotThere kind="backtest" error={error} onRetry={retry} />;
  return run ? <Backtest run={run} /> : <Skeleton tall />;
}

function Backtest({ run }: { run: StatusBody }) {
  const actions = useRunActions(run);
  const [, go] = useLocation();
  const [asking, setAsking] = useState(false);
  const result = (run.result ?? null) as BacktestResult | null;
  const request = useRequest(run, result === null);
  const dataset = useDatasetOf(run);
  const synthetic = result ? result.data.some((used) => used.synthetic) : dataset?.synthetic === true;
  useTitle(
    isTerminal(run.status) ? `${run.status}: ${run.strategyName}` : `${wholePercent(shareOf(run))} ${run.strategyName}`,
  );
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
      {!isTerminal(run.status) && <LivePanel run={run} quote={dataset?.quote} />}
      {run.status === "Failed" && <RunFailure run={run} />}
      {run.status === "Cancelled" && (
        <Notice title="This run was cancelled.">
          <p>{processedText(run)} before it stopped.</p>
        </Notice>
      )}
      {result && run.resultAttempt !== run.attempt && (
        <Notice tone="warn" title={`Below is the result of attempt ${whole(run.resultAttempt)}.`}>
          <p>
            The newest attempt, number {whole(run.attempt)}: {isTerminal(run.status) ? run.status : phaseText(run)}.
          </p>
        </Notice>
      )}
      {result && <Report run={run} result={result} quote={dataset?.quote} />}
      <SettingsFacts run={run} result={result} request={request} />
      {asking && (
        <Ask
          title="Delete this run?"
          act="Delete"
          onAct={() => actions.remove(() => go("/"))}
          onClose={() => setAsking(false)}
        >
          <p>Its result and files go too. The same request can be run again at any time.</p>
        </Ask>
      )}
    </div>
  );
}

function Report({ run, result, quote }: { run: StatusBody; result: BacktestResult; quote: string | undefined }) {
  const cash = result.settings["initialCash" as keyof typeof result.settings] as unknown;
  return (
    <>
      {result.warnings.length > 0 && (
        <Notice tone="warn" title="Mind this:">
          {result.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      <HeadFigures metrics={result.metrics} quote={quote} />
      <CurvePanel run={run} base={typeof cash === "number" ? cash : null} />
      <MetricTables metrics={result.metrics} />
      <TradesPanel run={run} quote={quote} />
    </>
  );
}
