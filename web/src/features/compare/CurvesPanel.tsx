/** Equity of all runs on one chart, in percent of what each began with, or in money. */
import { lazy, Suspense, useId, useMemo, useState } from "react";
import { useSearchParams } from "wouter";
import { money, NONE, signedPercent } from "@/format/numbers";
import { marketTime } from "@/format/times";
import { ChartCredit } from "@/ui/chart/ChartCredit";
import { Notice } from "@/ui/Notice";
import { Segments } from "@/ui/Segments";
import { onGrid } from "./curves";
import type { Scale } from "./curves";
import { cashOf } from "./judge";
import { letterOf, lineOf } from "./keys";
import { useCurves } from "./useCompared";
import type { Ready } from "./useCompared";

const ComparePlot = lazy(() => import("./ComparePlot"));

const SCALES = [
  ["percent", "Percent"],
  ["money", "Money"],
] as const;

export function CurvesPanel({ runs }: { runs: readonly Ready[] }) {
  const [search, setSearch] = useSearchParams();
  const scale: Scale = search.get("scale") === "money" ? "money" : "percent";
  const curves = useCurves(runs);
  const grid = useMemo(
    () =>
      onGrid(
        curves.map(({ points }, index) => ({ points, cash: cashAt(runs, index) })),
        scale,
      ),
    [curves, runs, scale],
  );
  const [at, setAt] = useState<number | null>(null);
  const told = useId();
  const error = curves.find((curve) => curve.error)?.error;
  const loaded = curves.every(({ points }) => points.length > 0);
  const shows = (value: number | null | undefined): string =>
    value === null || value === undefined ? NONE : scale === "percent" ? signedPercent(value) : money(value);
  return (
    <section className="panel" aria-labelledby="curves-head">
      <header>
        <h2 id="curves-head">Equity</h2>
        <span className="push">
          <Segments
            label="Scale"
            value={scale}
            options={SCALES}
            onValue={(value) =>
              setSearch(
                (before) => {
                  before.set("scale", value);
                  return before;
                },
                { replace: true },
              )
            }
          />
        </span>
      </header>
      <figure className="chart body">
        {error && <Notice tone="bad" title={`A curve could not be loaded. ${error.message}`} />}
        <ul className="readings num small" aria-live={at === null ? "off" : "polite"} data-testid="readings">
          {runs.map(({ runKey }, index) => (
            <li key={runKey}>
              <Swatch index={index} /> {shows(at === null ? lastOf(grid.values[index]) : grid.values[index]?.[at])}
            </li>
          ))}
          <li className="faint push">
            {at === null ? "at the end" : `${marketTime((grid.times[at] ?? 0) * 1000)} UTC`}
          </li>
        </ul>
        <Suspense fallback={<div className="plot skeleton" />}>
          {loaded ? (
            <ComparePlot
              grid={grid}
              scale={scale}
              told={told}
              onRead={setAt}
              label={`Equity of ${runs.map(({ run }, index) => `${letterOf(index)}, ${run.strategyName}`).join("; ")}`}
            />
          ) : (
            <div className="plot skeleton" />
          )}
        </Suspense>
        <figcaption>
          <span>{scale === "percent" ? "Gain on the cash at the start" : "Equity in the quote currency"}</span>
          <span id={told} className="sr-only">
            The values at the end stand above. Arrow keys read the curves time by time.
          </span>
          <ChartCredit />
        </figcaption>
      </figure>
    </section>
  );
}

const cashAt = (runs: readonly Ready[], index: number): number => {
  const run = runs[index];
  return run ? cashOf(run.result) : 0;
};

const lastOf = (values: readonly (number | null)[] | undefined): number | null =>
  values?.findLast((value) => value !== null) ?? null;

/** A run's letter on its line's colour. */
export function Swatch({ index }: { index: number }) {
  return <span className={`swatch ${lineOf(index)}`}>{letterOf(index)}</span>;
}
