/** How a metric is spread over all trials: whether the best one stands among many, or alone. */
import { useRef } from "react";
import { isTerminal } from "@/api/types";
import type { Distribution, StatusBody } from "@/api/types";
import { percent, whole } from "@/format/numbers";
import { Figures } from "@/ui/Facts";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { isMetric, isRanking, METRICS, showMetric } from "@/ui/run/metrics";
import { MetricChoice } from "../MetricChoice";
import { RunPicture } from "@/ui/run/RunPicture";
import { useAddressed } from "../useAddress";
import { Histogram } from "./Histogram";
import { useDistribution } from "./useSpread";
import "./spread.css";

interface DistributionPanelProps {
  run: StatusBody;
  /** What ranks the trials; undefined until it is known. */
  sortBy: string | undefined;
}

export function DistributionPanel({ run, sortBy }: DistributionPanelProps) {
  return sortBy === undefined ? null : <Panel key={sortBy} run={run} first={sortBy} />;
}

function Panel({ run, first }: { run: StatusBody; first: string }) {
  const [metric, setMetric] = useAddressed("spread", first, isRanking);
  const body = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useDistribution(run, metric);
  return (
    <section className="panel spread" aria-labelledby="spread-head" data-testid="spread">
      <header>
        <h2 id="spread-head">Distribution</h2>
        {data && (
          <span className="faint small num">
            {whole(data.defined)} {data.defined === 1 ? "trial" : "trials"}
          </span>
        )}
        <div className="row push choices-row">
          <MetricChoice value={metric} onValue={setMetric} />
          <RunPicture run={run} of={body} chart="Distribution" />
        </div>
      </header>
      {data ? (
        data.defined > 0 ? (
          <>
            <div className="body" ref={body}>
              <Histogram spread={data} best={metric === first ? bestOf(run) : null} />
            </div>
            <Figures figures={figuresOf(data)} />
          </>
        ) : (
          <Empty title={isTerminal(run.status) ? "No trial has this metric" : "No trials yet"}>
            <p>{isTerminal(run.status) ? "Another one may be known." : "The bars grow as they land."}</p>
          </Empty>
        )
      ) : (
        <div className="body">
          {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton tall />}
        </div>
      )}
    </section>
  );
}

function bestOf(run: StatusBody): number | null {
  const result = run.result && "best" in run.result ? run.result.best : null;
  return (result ?? run.best)?.value ?? null;
}

function figuresOf({ metric, quartiles, min, max, mean, positive, defined }: Distribution) {
  const [lower, median, upper] = quartiles ?? [null, null, null];
  const show = (value: number | null): string => showMetric(metric, value);
  const signed = !isMetric(metric) || METRICS[metric].signed === true;
  return [
    { name: "Median", value: show(median) },
    { name: "Middle half", value: `${show(lower)} – ${show(upper)}`, note: "between the quartiles" },
    { name: "Mean", value: show(mean) },
    { name: "All", value: `${show(min)} – ${show(max)}` },
    ...(signed
      ? [{ name: "Above zero", value: percent((100 * positive) / defined, 1), note: `${whole(positive)} trials` }]
      : []),
  ];
}
