/** The best value found so far, over the trials that it took. */
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { StepLine } from "@/ui/chart/StepLine";
import { metricName, showMetric } from "@/ui/run/metrics";
import { useBestCurve } from "./useBestCurve";

export function BestCurve({ run, sortBy }: { run: StatusBody; sortBy: string | undefined }) {
  const { records, end } = useBestCurve(run, sortBy);
  if (sortBy === undefined || records.length === 0) return null;
  return (
    <figure className="best-curve body" data-testid="best-curve">
      <figcaption className="small">Best so far: {metricName(sortBy)}</figcaption>
      <StepLine
        points={records}
        total={Math.max(run.total, end)}
        end={end}
        label={`The best ${metricName(sortBy)} after each number of trials`}
        showX={(trials) => `${whole(trials)} ${Math.round(trials) === 1 ? "trial" : "trials"}`}
        showY={(value) => showMetric(sortBy, value)}
      />
    </figure>
  );
}
