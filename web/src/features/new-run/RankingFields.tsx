/** What makes one trial better than another: a metric, or several with weights. */
import { Button, IconButton } from "@/ui/Button";
import { SelectField } from "@/ui/Field";
import { MetricOptions } from "@/ui/run/MetricOptions";
import { FITNESS, isMetric, METRICS } from "@/ui/run/metrics";
import type { SearchDraft } from "./search";
import type { SearchProps } from "./SearchFields";

export function RankingFields(props: SearchProps) {
  const { search, change, wrong } = props;
  const { sortBy } = search;
  return (
    <>
      <div className="fields">
        <SelectField
          id="sortBy"
          label="Best by"
          value={sortBy}
          onValue={(chosen) => change({ sortBy: chosen })}
          error={wrong("sortBy")}
          hint={isMetric(sortBy) ? METRICS[sortBy].meaning : "The sum of metrics, each times its weight"}
        >
          <option value={FITNESS}>Fitness, by weights</option>
          {!isMetric(sortBy) && sortBy !== FITNESS && <option value={sortBy}>{sortBy}</option>}
          <MetricOptions />
        </SelectField>
      </div>
      {sortBy === FITNESS && <Weights {...props} />}
    </>
  );
}

function Weights({ search, change, wrong }: SearchProps) {
  const { weights } = search;
  const set = (next: SearchDraft["weights"]): void => change({ weights: next });
  const unused = Object.keys(METRICS).find((name) => !weights.some(({ metric }) => metric === name));
  return (
    <div className="stack" role="group" aria-labelledby="weights-head">
      <h3 id="weights-head">Weights of the fitness</h3>
      {weights.map(({ metric, weight }, at) => {
        const error = wrong(`fitness.weights.${metric}`);
        return (
          <div className="field" key={at}>
            <span className="row nowrap">
              <input
                className="input weight"
                type="number"
                step="any"
                aria-label={`Weight of ${metric}`}
                aria-invalid={error !== undefined}
                value={weight}
                onChange={(event) => set(weights.with(at, { metric, weight: event.target.value }))}
              />
              <select
                className="input"
                aria-label={`Metric ${String(at + 1)} of the fitness`}
                value={metric}
                onChange={(event) => set(weights.with(at, { metric: event.target.value, weight }))}
              >
                <MetricOptions />
              </select>
              <IconButton
                label={`Remove the weight of ${metric}`}
                icon="cancel"
                onClick={() => set(weights.toSpliced(at, 1))}
              />
            </span>
            {error && (
              <p className="wrong" role="alert">
                {error}
              </p>
            )}
          </div>
        );
      })}
      {wrong("fitness") && (
        <p className="small loss" role="alert">
          {wrong("fitness")}
        </p>
      )}
      <div>
        <Button
          small
          icon="plus"
          disabled={unused === undefined}
          onClick={() => unused !== undefined && set([...weights, { metric: unused, weight: "1" }])}
        >
          Add a weight
        </Button>
      </div>
    </div>
  );
}
