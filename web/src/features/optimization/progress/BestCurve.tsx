/** The best value found so far, over the trials that it took. */
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { StepLine } from "@/ui/chart/StepLine";
import { metricName, showMetric } from "@/ui/run/metrics";
import type { Ranking } from "./useBestCurve";
import { useBestCurve } from "./useBestCurve";

export function BestCurve({ run, ranking }: { run: StatusBody; ranking: Ranking | undefined }) {
  const { records, end } = useBestCurve(run, ranking);
  if (!ranking || records.length === 0) return null;
  const { sortBy } = ranking;
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
