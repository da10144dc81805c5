/** One backtest: its progress with the equity so far, then the report, or why there is none. */
import { useLocation } from "wouter";
import { lazy, Suspense, useEffect } from "react";
import type { BacktestResult, StatusBody } from "@/api/types";
import { useRun } from "@/live/useRun";
import { useRunView } from "@/live/useRunView";
import { RunFrame } from "@/ui/run/RunFrame";
import { RunGate } from "@/ui/run/RunGate";
import { Skeleton } from "@/ui/Notice";
import { runPath } from "@/ui/run/words";
import { LivePanel } from "./LivePanel";

const FailedLog = lazy(async () => {
  const { EventsPanel } = await import("./events/EventsPanel");
  return { default: ({ run }: { run: StatusBody }) => <EventsPanel run={run} focus={null} /> };
});
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
  const [, go] = useLocation();
  const withLog = (): void => view.actions.withLog(({ kind, runKey }) => go(runPath(kind, runKey)));
  return (
    <RunFrame run={run} {...view} live={<LivePanel run={run} quote={quote} />} goes="Its result and files go too.">
      {view.result && (
        <Suspense fallback={<Skeleton tall />}>
          <Report run={run} result={view.result} quote={quote} log={{ busy: view.actions.busy, onRun: withLog }} />
        </Suspense>
      )}
      {run.status === "Failed" && view.request?.eventLog && (
        <Suspense fallback={<Skeleton tall />}>
          <FailedLog run={run} />
        </Suspense>
      )}
    </RunFrame>
  );
}
