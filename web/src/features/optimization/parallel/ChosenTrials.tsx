/** What the ranges of parallel coordinates pick out, in words and as a table: what those who see no lines have of them. */
import type { Sample } from "@/api/types";
import { percent, whole } from "@/format/numbers";
import { Button } from "@/ui/Button";
import { metricName, showMetric } from "@/ui/run/metrics";
import { TableScroll } from "@/ui/TableScroll";
import { parametersAt } from "../sampled";
import { TrialAct } from "../TrialAct";
import type { TrialLink } from "../trialLinks";
import { ParameterCells, ParameterHeads, RunItHead } from "../ParameterCells";

interface ChosenProps {
  id: string;
  sample: Sample;
  names: readonly string[];
  /** The places of the trials in the columns, best first. */
  chosen: readonly number[];
  linkOf: TrialLink;
  /** Null where there are no ranges. */
  onClear: (() => void) | null;
}

const LISTED = 5;

export function ChosenTrials({ id, sample, names, chosen, linkOf, onClear }: ChosenProps) {
  const metric = sample.metrics[0] ?? "";
  return (
    <div className="chosen-trials">
      <div className="row">
        <p
          className="small soft num"
          id={id}
          role="status"
          data-no-picture={onClear ? undefined : ""}
          data-testid="parallel-words"
        >
          {wordsOf(sample, chosen, onClear !== null)}
        </p>
        {onClear && (
          <Button small look="quiet" onClick={onClear}>
            All trials again
          </Button>
        )}
      </div>
      {onClear && chosen.length > 0 && (
        <TableScroll label="The best of the trials in the ranges">
          <table className="trials">
            <thead>
              <tr>
                <th scope="col">Trial</th>
                <ParameterHeads names={names} />
                <th scope="col" className="right">
                  {metricName(metric)}
                </th>
                <RunItHead />
              </tr>
            </thead>
            <tbody>
              {chosen.slice(0, LISTED).map((place) => {
                const parameters = parametersAt(sample, place);
                const index = sample.index[place];
                return (
                  <tr key={place}>
                    <td className="faint">{whole(index)}</td>
                    <ParameterCells names={names} parameters={parameters} />
                    <td className="right">{showMetric(metric, sample.values[0]?.[place])}</td>
                    <td className="right act">
                      <TrialAct href={linkOf({ parameters, index })} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </TableScroll>
      )}
    </div>
  );
}

/** How many there are, and how good. */
export function wordsOf({ metrics, values }: Sample, chosen: readonly number[], isPart: boolean): string {
  const [metric, column] = [metrics[0] ?? "", values[0] ?? []];
  if (chosen.length === 0) return "No trial lies in all of the ranges.";
  const sorted = chosen.map((place) => column[place] ?? 0).sort((a, b) => a - b);
  const at = (share: number): string => showMetric(metric, sorted[Math.round(share * (sorted.length - 1))]);
  const count = isPart
    ? `${whole(chosen.length)} of the lines (${percent((100 * chosen.length) / column.length, 1)}) lie in the ranges`
    : "Draw along an axis, or move its ends with the arrow keys, to pick trials out. All lines";
  return `${count}: ${metricName(metric)} from ${at(0)} to ${at(1)}, the median ${at(0.5)}.`;
}
