/** What came of a run, in one line of the list. */
import type { StatusBody } from "@/api/types";
import { decimal, percent, signedMoney, signedPercent, whole } from "@/format/numbers";
import { toneOf } from "@/ui/Facts";
import { StatusPill } from "@/ui/run/StatusPill";

export function RunOutcome({ run }: { run: StatusBody }) {
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
