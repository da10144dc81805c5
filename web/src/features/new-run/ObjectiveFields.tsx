/** What several objectives are, each with its direction. */
import { Button, IconButton } from "@/ui/Button";
import { MetricOptions } from "@/ui/run/MetricOptions";
import type { Direction } from "./search";
import type { SearchProps } from "./SearchFields";

const MOST = 8;

export function ObjectiveFields({ search, change, wrong }: SearchProps) {
  const { objectives } = search;
  return (
    <div className="stack" role="group" aria-labelledby="objectives-head">
      <h3 id="objectives-head">Objectives</h3>
      {objectives.map(({ metric, direction }, at) => {
        const number = String(at + 1);
        const error = wrong(`objectives[${String(at)}]`);
        const set = (part: Partial<(typeof objectives)[number]>): void =>
          change({ objectives: objectives.with(at, { metric, direction, ...part }) });
        return (
          <div className="field" key={at}>
            <span className="row nowrap">
              <select
                className="input"
                aria-label={`Direction of objective ${number}`}
                value={direction}
                onChange={(event) => set({ direction: event.target.value as Direction })}
              >
                <option value="max">As large as possible</option>
                <option value="min">As small as possible</option>
              </select>
              <select
                className="input"
                aria-label={`Objective ${number}`}
                aria-invalid={error !== undefined}
                value={metric}
                onChange={(event) => set({ metric: event.target.value })}
              >
                <MetricOptions />
              </select>
              <IconButton
                label={`Remove objective ${number}`}
                icon="cancel"
                disabled={objectives.length < 2}
                onClick={() => change({ objectives: objectives.toSpliced(at, 1) })}
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
      {wrong("objectives") && (
        <p className="small loss" role="alert">
          {wrong("objectives")}
        </p>
      )}
      <div>
        <Button
          small
          icon="plus"
          disabled={objectives.length >= MOST}
          onClick={() => change({ objectives: [...objectives, { metric: "sharpeRatio", direction: "max" }] })}
        >
          Add an objective
        </Button>
      </div>
    </div>
  );
}
