/** The Pareto front of several objectives: the trials of which no other one is better in all of them. */
import { useRef, useState } from "react";
import type { Sample, StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { Failure, Skeleton } from "@/ui/Notice";
import { variedNames } from "@/ui/run/axes";
import { metricName } from "@/ui/run/metrics";
import { Choice } from "../Choice";
import { RunPicture } from "@/ui/run/RunPicture";
import { useSample } from "../spread/useSpread";
import type { TrialLink } from "../trialLinks";
import { FrontPlot } from "./FrontPlot";
import { FrontTable } from "./FrontTable";
import "./front.css";

interface FrontPanelProps {
  run: StatusBody;
  /** The metrics that were sought together, at least two. */
  objectives: readonly string[];
  linkOf: TrialLink;
}

export function FrontPanel({ run, objectives, linkOf }: FrontPanelProps) {
  const [x, setX] = useState(0);
  const [y, setY] = useState(1);
  const body = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useSample(run, objectives);
  return (
    <section className="panel" aria-labelledby="front-head" data-testid="front">
      <header>
        <h2 id="front-head">Pareto front</h2>
        {data && <span className="faint small num">{countOf(data)}</span>}
        <div className="row push choices-row">
          {objectives.length > 2 && (
            <>
              <ObjectiveChoice label="Across" {...{ objectives }} at={x} other={y} onAt={setX} />
              <ObjectiveChoice label="Upwards" {...{ objectives }} at={y} other={x} onAt={setY} />
            </>
          )}
          <RunPicture run={run} of={body} chart="Pareto front" />
        </div>
      </header>
      {data ? (
        <>
          <div className="body" ref={body}>
            <FrontPlot sample={data} x={x} y={y} />
          </div>
          <FrontTable sample={data} names={variedNames(run.axes ?? {})} linkOf={linkOf} />
        </>
      ) : (
        <div className="body">
          {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton tall />}
        </div>
      )}
    </section>
  );
}

const countOf = ({ onFront, defined }: Sample): string =>
  `${whole(onFront.length)} of ${whole(defined)} trials are beaten by no other in all objectives`;

interface ObjectiveChoiceProps {
  label: string;
  objectives: readonly string[];
  at: number;
  /** The one that the other axis has. */
  other: number;
  onAt: (at: number) => void;
}

function ObjectiveChoice({ label, objectives, at, other, onAt }: ObjectiveChoiceProps) {
  return (
    <Choice label={label} value={String(at)} onValue={(value) => onAt(Number(value))}>
      {objectives.map((name, place) => (
        <option key={name} value={place} disabled={place === other}>
          {metricName(name)}
        </option>
      ))}
    </Choice>
  );
}
