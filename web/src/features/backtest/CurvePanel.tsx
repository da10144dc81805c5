/** Equity and drawdown of a finished backtest. */
import type { StatusBody } from "@/api/types";
import { EquityChart } from "@/ui/chart/EquityChart";
import { Failure } from "@/ui/Notice";
import { useCurve } from "./useCurve";

export function CurvePanel({ run, base }: { run: StatusBody; base: number | null }) {
  const { points, error } = useCurve(run);
  return (
    <section className="panel pad" aria-label="Equity and drawdown">
      {error && points.length === 0 ? (
        <Failure error={error} />
      ) : (
        <EquityChart points={points} base={base} label={`Equity and drawdown of ${run.strategyName}`} />
      )}
    </section>
  );
}
