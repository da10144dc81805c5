/** The equity chart with its frame: the drawing library comes when the first chart does. */
import { lazy, Suspense } from "react";
import { ChartCredit } from "./ChartCredit";
import type { Point } from "./EquityPlot";

const EquityPlot = lazy(() => import("./EquityPlot"));

export function EquityChart({ points, base, label }: { points: readonly Point[]; base: number | null; label: string }) {
  return (
    <figure className="chart">
      <Suspense fallback={<div className="plot skeleton" />}>
        {points.length > 1 ? (
          <EquityPlot points={points} base={base} label={label} />
        ) : (
          <div className="plot waiting-plot faint">The curve begins with the first bars.</div>
        )}
      </Suspense>
      <figcaption>
        <span className="key equity-key">Equity</span>
        <span className="key drawdown-key">Drawdown</span>
        <ChartCredit />
      </figcaption>
    </figure>
  );
}
