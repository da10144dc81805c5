/** One backtest: its progress with the equity so far, then the report, or why there is none. */
import type { BacktestResult, StatusBody } from "@/api/types";
import { useRun } from "@/live/useRun";
import { useRunView } from "@/live/useRunView";
import { RunFrame } from "@/ui/run/RunFrame";
import { RunGate } from "@/ui/run/RunGate";
import { CurvePanel } from "./CurvePanel";
import { LivePanel } from "./LivePanel";
import { HeadFigures, MetricTables } from "./MetricsPanels";
import { PricePanel } from "./prices/PricePanel";
import { TradesPanel } from "./TradesPanel";

export function BacktestPage({ runKey }: { runKey: string }) {
  return (
    <RunGate kind="backtest" {...useRun("backtest", runKey)}>
      {(run) => <Backtest run={run} />}
    </RunGate>
  );
}

function Backtest({ run }: { run: StatusBody }) {
  const view = useRunView<BacktestResult>(run);
  const quote = view.dataset?.quote;
  return (
    <RunFrame run={run} {...view} live={<LivePanel run={run} quote={quote} />} goes="Its result and files go too.">
      {view.result && <Report run={run} result={view.result} quote={quote} />}
    </RunFrame>
  );
}

function Report({ run, result, quote }: { run: StatusBody; result: BacktestResult; quote: string | undefined }) {
  const cash = result.settings["initialCash" as keyof typeof result.settings] as unknown;
  return (
    <>
      <HeadFigures metrics={result.metrics} quote={quote} />
      <CurvePanel run={run} base={typeof cash === "number" ? cash : null} />
      <PricePanel run={run} mark={null} />
      <MetricTables metrics={result.metrics} />
      <TradesPanel run={run} closed={result.metrics.totalTrades} quote={quote} />
    </>
  );
}
