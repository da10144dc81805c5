/** One run in the list: what it is, how far it is or what came of it, and what can be done. */
import { memo, useState } from "react";
import { Link } from "wouter";
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { decimal, signedMoney, signedPercent, percent, whole } from "@/format/numbers";
import { ago, localTime, marketDay, span } from "@/format/times";
import { paramLine } from "@/format/words";
import { useRunActions } from "@/live/actions";
import { useDatasetOf } from "@/live/catalogue";
import { useLiveRun } from "@/live/context";
import { overlay } from "@/live/runs";
import { Ask } from "@/ui/Ask";
import { IconButton } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { toneOf } from "@/ui/Facts";
import { SyntheticPill } from "@/ui/Pill";
import { RunProgress } from "@/ui/run/RunProgress";
import { StatusPill } from "@/ui/run/StatusPill";
import { runPath } from "@/ui/run/words";

export const RunRow = memo(function RunRow({ item }: { item: StatusBody }) {
  const run = overlay(item, useLiveRun(item.runKey));
  const dataset = useDatasetOf(run);
  return (
    <li className="run-row" data-run={run.runKey} data-status={run.status}>
      <div className="run-what">
        <p className="row">
          <Link href={runPath(run.kind, run.runKey)} className="run-name">
            {run.strategyName}
          </Link>
          <span className="kind">{run.kind === "optimization" ? "Optimization" : "Backtest"}</span>
          {dataset?.synthetic && <SyntheticPill />}
        </p>
        <p className="small soft">
          {run.assetName} · {run.exchange} · {run.timeFrame} · {marketDay(run.startTime)} – {marketDay(run.endTime)}
        </p>
        <p className="small faint clip">
          {run.label ?? (run.kind === "backtest" ? paramLine(run.parameters) : axesLine(run))}
        </p>
      </div>
      <div className="run-state">{isTerminal(run.status) ? <Outcome run={run} /> : <RunProgress run={run} />}</div>
      <When run={run} />
      <Actions run={run} />
    </li>
  );
});

function axesLine(run: StatusBody): string {
  const free = Object.entries(run.axes ?? {}).filter(([, axis]) => axis.fixed === undefined);
  const size = `${whole(run.total)} ${run.total === 1 ? "combination" : "combinations"}`;
  return free.length === 0 ? size : `${size} over ${free.map(([name]) => name).join(", ")}`;
}

function Outcome({ run }: { run: StatusBody }) {
  if (run.status !== "Completed" || !run.metrics)
    return (
      <div className="outcome">
        <StatusPill run={run} />
        {run.status === "Failed" && <p className="small loss clip">{run.errorMessage}</p>}
      </div>
    );
  if (run.kind === "optimization") return <SweepOutcome run={run} />;
  const { netProfit, totalReturnPct, sharpeRatio, maxDrawdownPct, totalTrades } = run.metrics;
  return (
    <div className="outcome">
      <StatusPill run={run} />
      <dl className="key-figures num">
        <div>
          <dt>Net profit</dt>
          <dd className={toneOf(netProfit)}>
            {signedMoney(netProfit)} <small>{signedPercent(totalReturnPct)}</small>
          </dd>
        </div>
        <div>
          <dt>Sharpe</dt>
          <dd>{decimal(sharpeRatio)}</dd>
        </div>
        <div>
          <dt>Drawdown</dt>
          <dd>{percent(maxDrawdownPct, 1)}</dd>
        </div>
        <div>
          <dt>Trades</dt>
          <dd>{whole(totalTrades)}</dd>
        </div>
      </dl>
    </div>
  );
}

function SweepOutcome({ run }: { run: StatusBody }) {
  return (
    <div className="outcome">
      <StatusPill run={run} />
      <dl className="key-figures num">
        <div>
          <dt>Best profit</dt>
          <dd className={toneOf(run.metrics?.netProfit)}>{signedMoney(run.metrics?.netProfit)}</dd>
        </div>
        <div>
          <dt>Trials</dt>
          <dd>{whole(run.processed)}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd className={run.failed > 0 ? "loss" : undefined}>{whole(run.failed)}</dd>
        </div>
      </dl>
    </div>
  );
}

function When({ run }: { run: StatusBody }) {
  const now = useNow();
  return (
    <div className="run-when small faint">
      <time dateTime={run.submittedAt} title={localTime(run.submittedAt)}>
        {ago(run.submittedAt, now)}
      </time>
      {run.startedAt && <p className="num">{span(run.elapsedMs)}</p>}
    </div>
  );
}

function Actions({ run }: { run: StatusBody }) {
  const actions = useRunActions(run);
  const [asking, setAsking] = useState(false);
  const name = run.label ?? run.strategyName;
  return (
    <div className="run-actions">
      {isTerminal(run.status) ? (
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
          disabled={actions.busy || run.cancelRequested}
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
}
