/** What every run's page has: its head, how it ended, which attempt is shown, its settings, and a way to be rid of it. */
import { useState } from "react";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { isTerminal } from "@/api/types";
import type { RequestBody, RunKind, RunResult, StatusBody } from "@/api/types";
import { whole, wholePercent } from "@/format/numbers";
import { Ask } from "../Ask";
import { Notice } from "../Notice";
import type { SaveItem } from "../SaveMenu";
import { useTitle } from "../title";
import { RunFailure } from "./RunFailure";
import { RunHead } from "./RunHead";
import type { HeadActions } from "./RunHead";
import { SettingsFacts } from "./SettingsFacts";
import { phaseText, processedText, runPath, shareOf } from "./words";

interface FrameActions extends Pick<HeadActions, "cancel" | "busy" | "error"> {
  remove: (then: () => void) => void;
  again: (then: (submission: { kind: RunKind; runKey: string }) => void) => void;
}

interface RunFrameProps {
  run: StatusBody;
  result: RunResult | null;
  request: RequestBody | undefined;
  synthetic: boolean;
  /** What of it can be kept as a file. */
  saves: readonly SaveItem[];
  actions: FrameActions;
  /** While it is under way. */
  live: ReactNode;
  /** What stays of it when it was cancelled. */
  kept?: string;
  /** What goes when it is deleted. */
  goes: string;
  children: ReactNode;
}

export function RunFrame({
  run,
  result,
  request,
  synthetic,
  saves,
  actions,
  live,
  kept,
  goes,
  children,
}: RunFrameProps) {
  const [, go] = useLocation();
  const [asking, setAsking] = useState(false);
  const over = isTerminal(run.status);
  useTitle(over ? `${run.status}: ${run.strategyName}` : `${wholePercent(shareOf(run))} · ${run.strategyName}`, !over);
  return (
    <div className="stack">
      <RunHead
        run={run}
        synthetic={synthetic}
        saves={saves}
        actions={{
          ...actions,
          again: () => actions.again(({ kind, runKey }) => go(runPath(kind, runKey))),
          askDelete: () => setAsking(true),
        }}
      />
      {!over && live}
      {run.status === "Failed" && <RunFailure run={run} />}
      {run.status === "Cancelled" && (
        <Notice title={`This ${run.kind === "backtest" ? "run" : run.kind} was cancelled.`}>
          <p>{[`${processedText(run)} before it stopped.`, kept].filter(Boolean).join(" ")}</p>
        </Notice>
      )}
      {result && run.resultAttempt !== run.attempt && (
        <Notice tone="warn" title={`Below is the result of attempt ${whole(run.resultAttempt)}.`}>
          <p>
            The newest attempt, number {whole(run.attempt)}: {over ? run.status : phaseText(run)}.
          </p>
        </Notice>
      )}
      {result && result.warnings.length > 0 && (
        <Notice tone="warn" title="Mind this:">
          {result.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      {children}
      <SettingsFacts run={run} result={result} request={request} />
      {asking && (
        <Ask
          title={run.kind === "backtest" ? "Delete this run?" : "Delete this optimization?"}
          act="Delete"
          onAct={() => actions.remove(() => go("/"))}
          onClose={() => setAsking(false)}
        >
          <p>{goes} The same request can be run again at any time.</p>
        </Ask>
      )}
    </div>
  );
}
