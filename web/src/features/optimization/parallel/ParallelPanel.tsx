/** Every trial as a line over its parameters to what came of it; ranges on the axes pick some of them out. */
import { useRef } from "react";
import { isTerminal } from "@/api/types";
import type { Sample, StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { variedNames } from "@/ui/run/axes";
import { isRanking } from "@/ui/run/metrics";
import { MetricChoice } from "../MetricChoice";
import { RunPicture } from "@/ui/run/RunPicture";
import { useSample } from "../spread/useSpread";
import type { TrialLink } from "../trialLinks";
import { useAddressed } from "../useAddress";
import { Parallel } from "./Parallel";
import "./parallel.css";

interface ParallelPanelProps {
  run: StatusBody;
  /** What ranks the trials; undefined until it is known. */
  sortBy: string | undefined;
  linkOf: TrialLink;
}

/** Nothing for a strategy without parameters. */
export function ParallelPanel({ run, sortBy, linkOf }: ParallelPanelProps) {
  const names = variedNames(run.axes ?? {});
  if (names.length === 0 || sortBy === undefined) return null;
  return <Panel key={sortBy} {...{ run, names, linkOf }} first={sortBy} />;
}

interface PanelProps {
  run: StatusBody;
  names: readonly string[];
  first: string;
  linkOf: TrialLink;
}

function Panel({ run, names, first, linkOf }: PanelProps) {
  const [metric, setMetric] = useAddressed("lines", first, isRanking);
  const body = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useSample(run, [metric]);
  return (
    <section className="panel" aria-labelledby="parallel-head">
      <header>
        <h2 id="parallel-head">Parallel coordinates</h2>
        {data && (
          <span className="faint small num" data-testid="parallel-count">
            {countOf(data)}
          </span>
        )}
        <div className="row push choices-row">
          <MetricChoice value={metric} onValue={setMetric} />
          <RunPicture run={run} of={body} chart="Parallel coordinates" />
        </div>
      </header>
      <div className="body" ref={body}>
        {data ? (
          data.index.length > 0 ? (
            <Parallel key={data.metrics[0]} {...{ sample: data, names, linkOf }} />
          ) : (
            <Empty title={isTerminal(run.status) ? "No trial has this metric" : "No trials yet"}>
              <p>{isTerminal(run.status) ? "Another one may be known." : "Their lines appear as they land."}</p>
            </Empty>
          )
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton tall />
        )}
      </div>
    </section>
  );
}

/** How many lines there are, and which of all they are. */
export function countOf({ index, defined }: Sample): string {
  if (index.length === defined) return `${whole(defined)} ${defined === 1 ? "trial" : "trials"}`;
  return `${whole(index.length)} of ${whole(defined)} trials, evenly from the best to the worst`;
}
