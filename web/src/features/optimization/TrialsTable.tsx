/** One page of trials: what was tried, what came of it, and why when nothing did. */
import { Fragment, useState } from "react";
import type { MetricName, Trial } from "@/api/types";
import { decimal, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { spoken } from "@/format/words";
import { toneOf } from "@/ui/Facts";
import { Pill } from "@/ui/Pill";
import { FITNESS, isMetric, METRICS } from "@/ui/run/metrics";
import { Sorter } from "@/ui/Sorter";
import { TableScroll } from "@/ui/TableScroll";
import type { TrialLink } from "./trialLinks";
import { TrialAct } from "./TrialAct";
import { ParameterCells, RunItHead } from "./ParameterCells";

const COLUMNS: readonly MetricName[] = [
  "netProfit",
  "totalReturnPct",
  "sharpeRatio",
  "maxDrawdownPct",
  "profitFactor",
  "winRatePct",
  "totalTrades",
];

interface TrialsTableProps {
  linkOf: TrialLink;
  /** Of a walk-forward the window of a trial. */
  windows: { count: number; total: number } | null;
  trials: readonly Trial[];
  /** The parameters that vary. */
  names: readonly string[];
  /** What the optimization was told to sort by: it leads the metrics. */
  sortBy: string | null;
  /** The keys of those that no other trial beats in all objectives. */
  front: ReadonlySet<string>;
  sort: string;
  onSort: (sort: string) => void;
}

export function TrialsTable({ linkOf, windows, trials, names, sortBy, front, sort, onSort }: TrialsTableProps) {
  const metrics = columnsFor(sortBy);
  const ofFitness = sortBy === FITNESS;
  const width = names.length + metrics.length + (ofFitness ? 4 : 3) + (windows ? 1 : 0);
  return (
    <TableScroll label="Table of trials">
      <table className="trials">
        <thead>
          <tr>
            <Sorter column="index" sort={sort} onSort={onSort} title="Place in the grid">
              Trial
            </Sorter>
            {windows && (
              <th scope="col" className="right">
                Window
              </th>
            )}
            {names.map((name) => (
              <Sorter key={name} column={name} sort={sort} onSort={onSort} right>
                {spoken(name)}
              </Sorter>
            ))}
            {ofFitness && (
              <Sorter column={FITNESS} sort={sort} onSort={onSort} right title="The weighted sum of metrics">
                Fitness
              </Sorter>
            )}
            {metrics.map((name) => (
              <Sorter key={name} column={name} sort={sort} onSort={onSort} right title={METRICS[name].meaning}>
                {METRICS[name].name}
              </Sorter>
            ))}
            <Sorter column="durationMs" sort={sort} onSort={onSort} right>
              Time
            </Sorter>
            <RunItHead />
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => (
            <TrialRow
              key={trial.index}
              window={windows && windowNumber(windows, trial.index)}
              {...{ linkOf, trial, names, metrics, ofFitness, width }}
              isOnFront={front.has(trial.trialKey)}
            />
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

/** The metric sought first, then those that every reader wants. */
export function columnsFor(sortBy: string | null): readonly MetricName[] {
  if (sortBy === null || !isMetric(sortBy)) return COLUMNS;
  return [sortBy, ...COLUMNS.filter((name) => name !== sortBy)];
}

/** From 1: every combination is run in the first window, then every one in the next. */
const windowNumber = ({ count, total }: { count: number; total: number }, index: number): number =>
  1 + Math.floor((index * count) / total);

interface TrialRowProps {
  linkOf: TrialLink;
  window: number | null;
  trial: Trial;
  names: readonly string[];
  metrics: readonly MetricName[];
  ofFitness: boolean;
  isOnFront: boolean;
  width: number;
}

function TrialRow({ linkOf, window, trial, names, metrics, ofFitness, isOnFront, width }: TrialRowProps) {
  const [open, setOpen] = useState(false);
  return (
    <Fragment>
      <tr data-trial={trial.trialKey} data-status={trial.status}>
        <td className="faint">
          {whole(trial.index)} {isOnFront && <Pill tone="completed">On the front</Pill>}
        </td>
        {window !== null && <td className="right faint">{whole(window)}</td>}
        <ParameterCells names={names} parameters={trial.parameters} />
        {ofFitness && <td className="right">{decimal(trial.fitness, 4)}</td>}
        {trial.metrics ? (
          metrics.map((name) => <MetricCell key={name} name={name} value={trial.metrics?.[name] ?? null} />)
        ) : (
          <td colSpan={metrics.length} className="wrong-trial">
            <button
              type="button"
              className="unfold"
              aria-expanded={open}
              aria-label={`Why trial ${whole(trial.index)} failed`}
              onClick={() => setOpen(!open)}
            >
              <Pill tone="failed">{trial.status === "TimedOut" ? "Timed out" : "Failed"}</Pill>
              <span className="clip">{trial.errorMessage ?? "No reason was given."}</span>
            </button>
          </td>
        )}
        <td className="right faint">{trial.reused ? "known" : span(trial.durationMs)}</td>
        <td className="right act">
          <TrialAct href={linkOf(trial)} />
        </td>
      </tr>
      {open && (
        <tr className="unfolded">
          <td colSpan={width}>
            <p data-testid="trial-error">{trial.errorMessage}</p>
            {trial.errorStackTrace && (
              <pre className="trace" tabIndex={0} data-testid="trial-trace">
                {trial.errorStackTrace}
              </pre>
            )}
          </td>
        </tr>
      )}
    </Fragment>
  );
}

function MetricCell({ name, value }: { name: MetricName; value: number | null }) {
  const { show, signed } = METRICS[name];
  return <td className={`right ${(signed && toneOf(value)) ?? ""}`}>{show(value)}</td>;
}
