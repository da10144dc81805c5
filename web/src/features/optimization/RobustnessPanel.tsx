/** Whether the best trials are more than luck: how good their neighbours are, and what their Sharpe ratio is worth. */
import type { Leader, OptimizationResult, Robustness, StatusBody } from "@/api/types";
import { decimal, percent, whole } from "@/format/numbers";
import { Figures } from "@/ui/Facts";
import { variedNames } from "@/ui/run/axes";
import { metricName, showMetric } from "@/ui/run/metrics";
import { shown } from "@/ui/run/SettingsFacts";
import { TableScroll } from "@/ui/TableScroll";
import { ParameterHeads } from "./ParameterCells";

interface RobustnessProps {
  run: StatusBody;
  result: OptimizationResult;
  robustness: Robustness;
}

export function RobustnessPanel({ run, result, robustness }: RobustnessProps) {
  const { deflatedSharpe, trials, leaders = [] } = robustness;
  return (
    <section className="panel" aria-labelledby="robustness-head" data-testid="robustness">
      <header>
        <h2 id="robustness-head">Robustness</h2>
        <span className="faint small">Good trials among good neighbours are less likely to be luck</span>
      </header>
      <Figures
        figures={[
          {
            name: "Deflated Sharpe ratio",
            value: decimal(deflatedSharpe),
            note: `chance that it is above zero, after ${whole(trials ?? result.completed)} trials`,
            title: "Bailey and López de Prado, 2014: the best of many trials has a high Sharpe ratio by luck alone",
          },
          ...neighbourFigures(result.sortBy, leaders[0]),
        ]}
      />
      {leaders.length > 0 && (
        <Leaders run={run} sortBy={result.sortBy} leaders={leaders} known={knownOf(run, result)} />
      )}
    </section>
  );
}

type Row = NonNullable<Robustness["leaders"]>[number];

function neighbourFigures(sortBy: string, best: Row | undefined) {
  if (!best) return [];
  const kept = best.value && best.median !== null ? (100 * best.median) / best.value : null;
  return [
    { name: "Median of the best one's neighbours", value: showMetric(sortBy, best.median), note: metricName(sortBy) },
    { name: "Spread of the neighbours", value: showMetric(sortBy, best.spread), note: "between the quartiles" },
    { name: "Kept by the neighbours", value: percent(kept, 0), note: "their median, of the best value" },
  ];
}

/** The parameters of the trials that the answer brought along. */
function knownOf(
  run: StatusBody,
  { best, trials = [] }: OptimizationResult,
): ReadonlyMap<string, Leader["parameters"]> {
  const told = [...trials, ...(run.top ?? []), ...(best ? [best] : [])];
  return new Map(told.map(({ trialKey, parameters }) => [trialKey, parameters]));
}

interface LeadersProps {
  run: StatusBody;
  sortBy: string;
  leaders: readonly Row[];
  known: ReadonlyMap<string, Leader["parameters"]>;
}

function Leaders({ run, sortBy, leaders, known }: LeadersProps) {
  const names = variedNames(run.axes ?? {});
  return (
    <TableScroll label="Table of the neighbours of the best trials">
      <table>
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <ParameterHeads names={names} />
            {[metricName(sortBy), "Neighbours", "Their median", "Their spread"].map((head) => (
              <th scope="col" className="right" key={head}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {leaders.map(({ trialKey, value, neighbours, median, spread }, at) => (
            <tr key={trialKey}>
              <td className="faint">{whole(at + 1)}</td>
              {names.map((name) => (
                <td className="right" key={name}>
                  {shown(known.get(trialKey)?.[name] ?? "–")}
                </td>
              ))}
              <td className="right">{showMetric(sortBy, value)}</td>
              <td className="right">{whole(neighbours)}</td>
              <td className="right">{showMetric(sortBy, median)}</td>
              <td className="right">{showMetric(sortBy, spread)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
