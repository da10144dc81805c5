/** The equity chart with its frame: the drawing library comes when the first chart does. */
import { lazy, Suspense, useId, useState } from "react";
import type { ReactNode } from "react";
import { money, percent } from "@/format/numbers";
import { barTime } from "@/format/times";
import { ChartCredit } from "./ChartCredit";
import type { Point } from "./EquityPlot";

const EquityPlot = lazy(() => import("./EquityPlot"));

interface EquityChartProps {
  points: readonly Point[];
  /** Where the curve began: above it gains, below it losses. */
  base: number | null;
  /** For each point what holding would be worth; null where it is not compared. */
  held?: readonly number[] | null;
  /** Of the bars; without it points have an hour. */
  timeFrame?: string;
  label: string;
  /** What is said below the chart. */
  children?: ReactNode;
}

export function EquityChart({ points, base, held = null, timeFrame = "", label, children }: EquityChartProps) {
  const [at, setAt] = useState<number | null>(null);
  const told = useId();
  const read = at === null ? points.length - 1 : at;
  return (
    <figure className="chart">
      {points.length > 1 && (
        <EquityReading point={points[read]} held={held?.[read]} timeFrame={timeFrame} loud={at !== null} />
      )}
      <Suspense fallback={<div className="plot skeleton" />}>
        {points.length > 1 ? (
          <EquityPlot {...{ points, base, held, timeFrame, label, told }} onPoint={setAt} />
        ) : (
          <div className="plot waiting-plot faint">The curve begins with the first bars.</div>
        )}
      </Suspense>
      {children}
      <figcaption>
        <span className="key equity-key">Equity</span>
        {held && <span className="key held-key">Buy and hold</span>}
        <span className="key drawdown-key">Drawdown</span>
        <span id={told} className="sr-only">
          {summaryOf(points, timeFrame)} Arrow keys read the points one by one.
        </span>
        <ChartCredit />
      </figcaption>
    </figure>
  );
}

interface ReadingProps {
  point: Point | undefined;
  held: number | undefined;
  timeFrame: string;
  /** Whether it is told to those who hear the page. */
  loud: boolean;
}

function EquityReading({ point, held, timeFrame, loud }: ReadingProps) {
  if (!point) return null;
  const [ts, equity, drawdown] = point;
  return (
    <p className="price-legend num small" aria-live={loud ? "polite" : "off"} data-testid="equity-reading">
      <span className="soft">{barTime(ts, timeFrame)}</span>
      <span>
        <span className="faint">Equity</span> {money(equity)}
      </span>
      {held !== undefined && (
        <span>
          <span className="faint">Buy and hold</span> {money(held)}
        </span>
      )}
      <span>
        <span className="faint">Drawdown</span> {percent(drawdown)}
      </span>
    </p>
  );
}

/** What the curve shows, for those who do not see it. */
function summaryOf(points: readonly Point[], timeFrame: string): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const worst = points.reduce((low, point) => (point[2] < low[2] ? point : low), first);
  return (
    `From ${barTime(first[0], timeFrame)} with ${money(first[1])} to ${barTime(last[0], timeFrame)} with ${money(last[1])}. ` +
    `The deepest drawdown, ${percent(worst[2])}, was on ${barTime(worst[0], timeFrame)}.`
  );
}
