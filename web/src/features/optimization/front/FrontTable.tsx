/** The trials on the front, each with what it comes to in every objective. */
import { useState } from "react";
import type { Sample } from "@/api/types";
import { whole } from "@/format/numbers";
import { spoken } from "@/format/words";
import { Button } from "@/ui/Button";
import { metricName, showMetric } from "@/ui/run/metrics";
import { TableScroll } from "@/ui/TableScroll";
import { parametersAt } from "../sampled";
import { TrialAct } from "../TrialAct";
import type { TrialLink } from "../trialLinks";
import { ParameterCells, RunItHead } from "../ParameterCells";

interface FrontTableProps {
  sample: Sample;
  names: readonly string[];
  linkOf: TrialLink;
}

const AT_FIRST = 10;

export function FrontTable({ sample, names, linkOf }: FrontTableProps) {
  const [all, setAll] = useState(false);
  const { onFront, metrics, values, index } = sample;
  const listed = all ? onFront : onFront.slice(0, AT_FIRST);
  const more = onFront.length - listed.length;
  return (
    <>
      <TableScroll label="Table of the Pareto front">
        <table className="trials">
          <thead>
            <tr>
              <th scope="col">Trial</th>
              {[...names.map(spoken), ...metrics.map(metricName)].map((head) => (
                <th scope="col" className="right" key={head}>
                  {head}
                </th>
              ))}
              <RunItHead />
            </tr>
          </thead>
          <tbody>
            {listed.map((place) => (
              <tr key={place}>
                <td className="faint">{whole(index[place])}</td>
                <ParameterCells names={names} parameters={parametersAt(sample, place)} />
                {metrics.map((name, at) => (
                  <td className="right" key={name}>
                    {showMetric(name, values[at]?.[place])}
                  </td>
                ))}
                <td className="right act">
                  <TrialAct href={linkOf({ parameters: parametersAt(sample, place), index: index[place] })} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      {more > 0 && (
        <p className="failures-more">
          <Button small look="quiet" onClick={() => setAll(true)}>
            Show {whole(more)} more
          </Button>
        </p>
      )}
    </>
  );
}
