/** A backtest under way: progress, and the equity so far. */
import type { StatusBody } from "@/api/types";
import { money, rate } from "@/format/numbers";
import { isDaily, marketDay, marketHour, span } from "@/format/times";
import { EquityChart } from "@/ui/chart/EquityChart";
import { Figures } from "@/ui/Facts";
import { useSilence } from "@/live/useSilence";
import { RunProgress } from "@/ui/run/RunProgress";
import { Silence } from "@/ui/run/Silence";
import { etaSpan } from "@/ui/run/words";
import { useCurve } from "./equity/useCurve";

export function LivePanel({ run, quote }: { run: StatusBody; quote: string | undefined }) {
  const silence = useSilence(run);
  const { points } = useCurve(run);
  return (
    <section className="panel" aria-label="Progress">
      <div className="body">
        <RunProgress run={run} large />
        {run.status === "Running" && <Silence kind={run.kind} seconds={silence} />}
      </div>
      {run.status === "Running" && (
        <>
          <Figures
            figures={[
              { name: "Rate", value: rate(run.ratePerSecond, "bars") },
              { name: "Time left", value: etaSpan(run) },
              { name: "Elapsed", value: span(run.elapsedMs) },
              {
                name: "Bar",
                value: marketDay(run.barTime),
                note: run.barTime && !isDaily(run.timeFrame) ? `${marketHour(run.barTime)} UTC` : undefined,
              },
              { name: "Equity so far", value: money(run.equity), note: quote },
            ]}
          />
          <div className="body">
            <EquityChart
              points={points}
              base={points[0]?.[1] ?? null}
              timeFrame={run.timeFrame}
              label={`Equity so far of ${run.strategyName}`}
            />
          </div>
        </>
      )}
    </section>
  );
}
