/** What will be run, what it costs, and the button that starts it. */
import type { DatasetInfo, Evaluation, StrategyInfo, Submission } from "@/api/types";
import { bytes, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { seriesName } from "@/live/catalogue";
import { CheckField } from "@/ui/Field";
import { Facts } from "@/ui/Facts";
import { SyntheticPill } from "@/ui/Pill";
import type { Draft } from "./draft";
import type { Verdict } from "./useVerdict";

interface SummaryProps {
  draft: Draft;
  strategy: StrategyInfo;
  dataset: DatasetInfo;
  verdict: Verdict | null;
  behind: boolean;
  isWrong: boolean;
  busy: boolean;
  force: boolean;
  onForce: (force: boolean) => void;
}

export function Summary({ draft, strategy, dataset, verdict, behind, isWrong, busy, force, onForce }: SummaryProps) {
  const { evaluation, submission } = verdict ?? { evaluation: null, submission: null };
  const tooMany = evaluation?.exceedsMaxCombinations === true;
  const isSweep = draft.kind === "optimization";
  return (
    <aside className="panel summary" aria-label="What will be run">
      <div className="body stack">
        <div>
          <h2>
            {isSweep ? "Optimization" : "Backtest"} of {strategy.name}
          </h2>
          <p className="soft small">
            {seriesName(dataset)} {dataset.synthetic && <SyntheticPill />}
          </p>
        </div>
        <div role="status" className={behind ? "verdict behind" : "verdict"} data-testid="verdict">
          {isSweep
            ? evaluation && <SweepSize evaluation={evaluation} />
            : submission && (
                <p className="headline num">
                  <strong>{whole(submission.totalBars)}</strong> bars
                </p>
              )}
          {tooMany && (
            <p className="small loss" role="alert">
              More than the limit of {whole(evaluation.maxCombinations)}. Narrow an axis or widen a step.
            </p>
          )}
          {submission && <Known submission={submission} />}
          {isWrong && <p className="small loss">Something in the form needs a change first.</p>}
        </div>
        {submission?.dedup === "cached" && <CheckField label="Compute it again" checked={force} onChecked={onForce} />}
        <button type="submit" className="button primary" disabled={busy || tooMany}>
          {busy ? "Submitting…" : buttonText(isSweep, submission, force)}
        </button>
      </div>
    </aside>
  );
}

function buttonText(isSweep: boolean, submission: Submission | null, force: boolean): string {
  if (submission?.dedup === "inFlight") return "Follow the run";
  if (submission?.dedup === "cached" && !force) return "Open the result";
  return isSweep ? "Start optimization" : "Start backtest";
}

function Known({ submission }: { submission: Submission }) {
  if (submission.dedup === "inFlight") return <p className="small soft">This very run is under way.</p>;
  if (submission.dedup === "cached")
    return <p className="small soft">This very run is done: its result opens at once.</p>;
  return null;
}

function SweepSize({ evaluation }: { evaluation: Evaluation }) {
  return (
    <>
      <p className="headline num">
        <strong data-testid="combinations">
          {evaluation.exact ? "" : "about "}
          {whole(evaluation.totalCombinations)}
        </strong>{" "}
        {evaluation.totalCombinations === 1 ? "combination" : "combinations"}
      </p>
      {evaluation.uniqueCombinations !== evaluation.totalCombinations && (
        <p className="small soft num" data-testid="unique">
          {evaluation.exact ? "" : "about "}
          {whole(evaluation.uniqueCombinations)} of them to run: conditions and equivalents leave out the rest
        </p>
      )}
      <Facts
        facts={[
          [
            "Time, about",
            evaluation.estimatedSeconds === null ? "not known yet" : span(evaluation.estimatedSeconds * 1000),
          ],
          ["Stored result", bytes(evaluation.estimatedBytes)],
          ...(evaluation.reusedTrials > 0 ? [["Computed already", whole(evaluation.reusedTrials)] as const] : []),
        ]}
      />
    </>
  );
}
