/** The best trials so far, the best first, while the whole result is not there. */
import { isTerminal } from "@/api/types";
import type { Leader, StatusBody } from "@/api/types";
import { decimal, whole } from "@/format/numbers";
import { variedNames } from "@/ui/run/axes";
import { isMetric, metricName, showMetric } from "@/ui/run/metrics";
import { TableScroll } from "@/ui/TableScroll";
import { BestCurve } from "./progress/BestCurve";
import type { Ranking } from "./progress/useBestCurve";
import type { TrialLink } from "./trialLinks";
import { TrialAct } from "./TrialAct";
import { ParameterCells, ParameterHeads, RunItHead } from "./ParameterCells";

interface LeadersProps {
  run: StatusBody;
  /** What ranks them; undefined until it is known. */
  ranking: Ranking | undefined;
  linkOf: TrialLink;
}

export function Leaders({ run, ranking, linkOf }: LeadersProps) {
  const top = run.top ?? [];
  if (top.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="leaders-head">
      <header>
        <h2 id="leaders-head">{isTerminal(run.status) ? "Best of them" : "Best so far"}</h2>
      </header>
      {isTerminal(run.status) && <BestCurve run={run} ranking={ranking} />}
      <TableScroll label="Table of the best trials">
        <LeaderTable run={run} sortBy={ranking?.sortBy} top={top} linkOf={linkOf} />
      </TableScroll>
    </section>
  );
}

interface TableProps {
  run: StatusBody;
  sortBy: string | undefined;
  top: readonly Leader[];
  linkOf: TrialLink;
}

function LeaderTable({ run, sortBy, top, linkOf }: TableProps) {
  const names = variedNames(run.axes ?? {});
  return (
    <table className="trials" data-testid="leaders">
      <thead>
        <tr>
          <th scope="col">Rank</th>
          <ParameterHeads names={names} />
          <th scope="col" className="right">
            {sortBy ? metricName(sortBy) : "Value"}
          </th>
          <RunItHead />
        </tr>
      </thead>
      <tbody>
        {top.map((leader, index) => (
          <tr key={leader.trialKey} className={index === 0 ? "best" : undefined}>
            <td className="faint">{whole(index + 1)}</td>
            <ParameterCells names={names} parameters={leader.parameters} />
            <td className="right">
              {sortBy && isMetric(sortBy) ? showMetric(sortBy, leader.value) : decimal(leader.value)}
            </td>
            <td className="right act">
              <TrialAct href={linkOf({ parameters: leader.parameters })} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
