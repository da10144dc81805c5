/** One optimization: its progress with the best so far, then all of its trials. */
import { lazy, Suspense, useMemo } from "react";
import type { OptimizationResult, StatusBody } from "@/api/types";
import { useRun } from "@/live/useRun";
import { useRunView } from "@/live/useRunView";
import { FITNESS } from "@/ui/run/metrics";
import { RunFrame } from "@/ui/run/RunFrame";
import { RunGate } from "@/ui/run/RunGate";
import { FailuresPanel } from "./FailuresPanel";
import { Leaders } from "./Leaders";
import { LiveSweep } from "./LiveSweep";
import { RobustnessPanel } from "./RobustnessPanel";
import { SurfacePanel } from "./surface/SurfacePanel";
import { SweepFigures } from "./SweepFigures";
import { trialLinks } from "./trialLinks";
import { isFilter, TrialsPanel } from "./TrialsPanel";
import type { TrialFilter } from "./TrialsPanel";
import { useAddressed } from "./useAddress";
import "./optimization.css";

/** Drawn below what is seen first. */
const ParallelPanel = lazy(async () => ({ default: (await import("./parallel/ParallelPanel")).ParallelPanel }));
const DistributionPanel = lazy(async () => ({
  default: (await import("./spread/DistributionPanel")).DistributionPanel,
}));
const WalkForwardPanel = lazy(async () => ({ default: (await import("./WalkForwardPanel")).WalkForwardPanel }));
const FrontPanel = lazy(async () => ({ default: (await import("./front/FrontPanel")).FrontPanel }));

export function OptimizationPage({ runKey }: { runKey: string }) {
  return (
    <RunGate kind="optimization" {...useRun("optimization", runKey)}>
      {(run) => <Optimization run={run} />}
    </RunGate>
  );
}

const NO_FRONT: readonly string[] = [];

function Optimization({ run }: { run: StatusBody }) {
  const view = useRunView<OptimizationResult>(run);
  const [filter, setFilter] = useAddressed("trials", "all", isFilter);
  const { result, request } = view;
  const sortBy = result?.sortBy ?? request?.sortBy ?? (request && FITNESS);
  const ranking = useMemo(
    () => (request && sortBy ? { sortBy, filters: request.filters ?? {} } : undefined),
    [request, sortBy],
  );
  const method = request && (request.method ?? "grid");
  const linkOf = useMemo(
    () => trialLinks({ runKey: run.runKey, total: run.total, method, walk: result?.walkForward }),
    [run.runKey, run.total, method, result?.walkForward],
  );
  const objectives = useMemo(() => request?.objectives?.map(({ metric }) => metric) ?? [], [request]);
  return (
    <RunFrame
      run={run}
      {...view}
      live={<LiveSweep run={run} ranking={ranking} />}
      kept="The finished trials are kept below."
      goes="Its trials go too."
    >
      {result ? <SweepFigures {...{ run, result, ranking, linkOf }} /> : <Leaders {...{ run, ranking, linkOf }} />}
      {result?.walkForward && (
        <Suspense>
          <WalkForwardPanel
            run={run}
            walk={result.walkForward}
            objective={request?.walkForward?.objective ?? "sharpeRatio"}
          />
        </Suspense>
      )}
      {result && objectives.length > 1 && (
        <Suspense>
          <FrontPanel {...{ run, objectives, linkOf }} />
        </Suspense>
      )}
      {run.status !== "Pending" && <SurfacePanel run={run} sortBy={sortBy} />}
      {run.status !== "Pending" && (
        <Suspense>
          <ParallelPanel {...{ run, sortBy, linkOf }} />
          <DistributionPanel run={run} sortBy={sortBy} />
        </Suspense>
      )}
      {result?.robustness && <RobustnessPanel run={run} result={result} robustness={result.robustness} />}
      {result && result.failures.length > 0 && (
        <FailuresPanel run={run} failures={result.failures} onShow={() => setFilter("Failed")} />
      )}
      {run.status !== "Pending" && (
        <TrialsPanel
          key={`${String(run.attempt)} ${String(run.resultAttempt)}`}
          run={run}
          sortBy={sortBy}
          linkOf={linkOf}
          windows={method === "walkForward" ? (request?.walkForward?.windows ?? null) : null}
          front={result?.paretoFront ?? NO_FRONT}
          filter={filter as TrialFilter}
          onFilter={setFilter}
        />
      )}
    </RunFrame>
  );
}
