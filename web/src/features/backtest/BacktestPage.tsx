/** One backtest: its progress with the equity so far, then the report, or why there is none. */
import { lazy, Suspense, useEffect } from "react";
import type { BacktestResult, StatusBody } from "@/api/types";
import { useRun } from "@/live/useRun";
import { useRunView } from "@/live/useRunView";
import { RunFrame } from "@/ui/run/RunFrame";
import { RunGate } from "@/ui/run/RunGate";
import { Skeleton } from "@/ui/Notice";
import { LivePanel } from "./LivePanel";

const loadReport = () => import("./Report");
const Report = lazy(loadReport);
/** What a report needs is asked for with the run, not after it. */
const prefetch = (): void => void Promise.allSettled([loadReport(), import("@/ui/chart/EquityPlot")]);

export function BacktestPage({ runKey }: { runKey: string }) {
  useEffect(prefetch, []);
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
      {view.result && (
        <Suspense fallback={<Skeleton tall />}>
          <Report run={run} result={view.result} quote={quote} />
        </Suspense>
      )}
    </RunFrame>
  );
}
