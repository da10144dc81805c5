/** Two parameters of an optimization against a metric: the heat map with its choices, filling in as trials land. */
import { useId, useMemo, useRef, useState } from "react";
import { isTerminal } from "@/api/types";
import type { Params, StatusBody, Surface } from "@/api/types";
import { whole } from "@/format/numbers";
import { spoken } from "@/format/words";
import { rampOf } from "@/ui/chart/palette";
import { scaleOf } from "@/ui/chart/scale";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { variedNames } from "@/ui/run/axes";
import { isRanking } from "@/ui/run/metrics";
import { useShade } from "@/ui/theme";
import { RunPicture } from "@/ui/run/RunPicture";
import { useAddress } from "../useAddress";
import { Around } from "./Around";
import { CellReading } from "./CellReading";
import { cellOf, isFolded, isSameCell, neighboursOf, valuesOf } from "./grid";
import type { Cell } from "./grid";
import { HeatMap } from "./HeatMap";
import { Legend } from "./Legend";
import { SurfaceChoices } from "./SurfaceChoices";
import { useSurface } from "./useSurface";
import type { CellFold, SurfaceChoice } from "./useSurface";
import "./surface.css";

interface SurfacePanelProps {
  run: StatusBody;
  /** The metric that ranks the trials; undefined until it is known. */
  sortBy: string | undefined;
}

/** Nothing for a strategy with fewer than two parameters. */
export function SurfacePanel({ run, sortBy }: SurfacePanelProps) {
  const names = namesFor(run);
  const [x, y] = names;
  if (x === undefined || y === undefined) return null;
  const metric = sortBy ?? "netProfit";
  return <Panel key={metric} run={run} names={names} first={{ x, y, metric, fold: "best" }} />;
}

/** The parameters that vary, and one that does not where there is no second. */
function namesFor({ axes = {} }: StatusBody): readonly string[] {
  const varied = variedNames(axes);
  return varied.length > 1 ? varied : [...varied, ...Object.keys(axes).filter((name) => !varied.includes(name))];
}

const FOLDS: readonly string[] = ["best", "median", "mean", "slice"] satisfies CellFold[];

/** As the address tells, as far as the run has it. */
function useChoice(names: readonly string[], first: SurfaceChoice) {
  const { text, change } = useAddress();
  const told = (name: string, among: (value: string) => boolean, fallback: string): string => {
    const value = text(name);
    return value !== null && among(value) ? value : fallback;
  };
  const isName = (value: string): boolean => names.includes(value);
  const [x, y] = [told("x", isName, first.x), told("y", isName, first.y)];
  const choice: SurfaceChoice = {
    ...(x === y ? { x: first.x, y: first.y } : { x, y }),
    metric: told("metric", isRanking, first.metric),
    fold: told("fold", (value) => FOLDS.includes(value), first.fold) as CellFold,
  };
  const setChoice = (next: SurfaceChoice): void =>
    change({
      x: next.x === first.x ? null : next.x,
      y: next.y === first.y ? null : next.y,
      metric: next.metric === first.metric ? null : next.metric,
      fold: next.fold === first.fold ? null : next.fold,
    });
  return [choice, setChoice] as const;
}

interface PanelProps {
  run: StatusBody;
  names: readonly string[];
  first: SurfaceChoice;
}

function Panel({ run, names, first }: PanelProps) {
  const [choice, setChoice] = useChoice(names, first);
  const body = useRef<HTMLDivElement>(null);
  const best = bestOf(run);
  const others = names.filter((name) => name !== choice.x && name !== choice.y);
  const { data, error, refetch } = useSurface(run, choice, pick(best ?? {}, others));
  return (
    <section className="panel" aria-labelledby="surface-head">
      <header>
        <h2 id="surface-head">Heat map</h2>
        {data && (
          <span className="faint small num">
            {whole(data.trials)} of {whole(data.total)} trials
          </span>
        )}
        <SurfaceChoices names={names} choice={choice} onChoice={setChoice}>
          <RunPicture
            run={run}
            of={body}
            chart="Heat map"
            axes={`${spoken(choice.x)} across, ${spoken(choice.y)} upwards`}
          />
        </SurfaceChoices>
      </header>
      <div className="body" ref={body}>
        {data ? (
          <Map key={`${data.x} ${data.y}`} run={run} surface={data} best={best} />
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton tall />
        )}
      </div>
    </section>
  );
}

interface MapProps {
  run: StatusBody;
  surface: Surface;
  /** The parameters of the best trial. */
  best: Params | undefined;
}

function Map({ run, surface, best }: MapProps) {
  const reading = useId();
  const shade = useShade();
  const [at, setAt] = useState<Cell | null>(null);
  const [chosen, setChosen] = useState<Cell | null>(null);
  const values = useMemo(() => valuesOf(surface), [surface]);
  const scale = useMemo(() => scaleOf(values), [values]);
  const ramp = useMemo(() => rampOf(scale?.kind ?? "sequential", shade), [scale?.kind, shade]);
  const leader = best ? cellOf(surface, best) : null;
  if (values.length === 0)
    return (
      <Empty title={isTerminal(run.status) ? "No trial has this metric" : "No trials yet"}>
        <p>{isTerminal(run.status) ? "Another one may be known." : "The map fills in as they land."}</p>
      </Empty>
    );
  const read = at ?? chosen;
  const told = chosen ?? leader;
  const around = told && neighboursOf(surface, told);
  return (
    <div className="surface">
      <HeatMap
        {...{ surface, scale, ramp, at, chosen, leader, around }}
        onAt={setAt}
        onChosen={setChosen}
        describedBy={reading}
      />
      <div className="surface-side">
        {scale && (
          <Legend
            {...{ values, scale, ramp }}
            metric={surface.metric}
            noun={isFolded(surface) ? "cells" : "trials"}
            at={read ? (surface.values[read.row]?.[read.column] ?? null) : null}
          />
        )}
        <CellReading
          id={reading}
          runKey={run.runKey}
          surface={surface}
          cell={read}
          chosen={chosen !== null && (at === null || isSameCell(at, chosen))}
          others={best}
        />
        {told && around && (
          <Around
            {...{ surface, around }}
            cell={told}
            isLeader={chosen === null || (leader !== null && isSameCell(chosen, leader))}
          />
        )}
      </div>
    </div>
  );
}

const pick = (parameters: Params, names: readonly string[]): Params =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => names.includes(name)));

/** The parameters of the best trial: of the result where there is one. */
function bestOf(run: StatusBody): Params | undefined {
  const result = run.result && "best" in run.result ? run.result.best : null;
  return (result ?? run.best)?.parameters;
}
