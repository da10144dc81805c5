/** The strategies that can be run, each with its parameters. */
import type { ParameterInfo, StrategyInfo } from "@/api/types";
import { exact } from "@/format/numbers";
import { spoken } from "@/format/words";
import { ButtonLink } from "@/ui/Button";
import { TableScroll } from "@/ui/TableScroll";

export function StrategyList({ strategies }: { strategies: readonly StrategyInfo[] }) {
  return (
    <ul className="strategies-list">
      {strategies.map((strategy) => (
        <li key={strategy.name} data-strategy={strategy.name}>
          <Strategy strategy={strategy} />
        </li>
      ))}
    </ul>
  );
}

function Strategy({ strategy }: { strategy: StrategyInfo }) {
  const { name, version, description, file, parameters } = strategy;
  const path = (kind: string): string => `/new?${new URLSearchParams({ strategy: name, kind }).toString()}`;
  return (
    <>
      <div className="strategy-head">
        <div>
          <h3 className="row">
            {name}
            <span className="faint small num">{version}</span>
          </h3>
          <p className="soft">{description}</p>
          {file !== null && <p className="small faint mono">{file}</p>}
        </div>
        <span className="row">
          <ButtonLink small href={path("backtest")}>
            Backtest
          </ButtonLink>
          <ButtonLink small href={path("optimization")}>
            Optimize
          </ButtonLink>
        </span>
      </div>
      {parameters.length > 0 && (
        <details>
          <summary className="small">
            {parameters.length} {parameters.length === 1 ? "parameter" : "parameters"}
            <span className="faint"> {parameters.map((each) => spoken(each.name).toLowerCase()).join(", ")}</span>
          </summary>
          <Parameters parameters={parameters} />
        </details>
      )}
    </>
  );
}

function Parameters({ parameters }: { parameters: readonly ParameterInfo[] }) {
  return (
    <TableScroll label="Parameters">
      <table className="parameters">
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Type</th>
            <th scope="col" className="right">
              Default
            </th>
            <th scope="col" className="right">
              Least
            </th>
            <th scope="col" className="right">
              Most
            </th>
            <th scope="col" className="right">
              Step
            </th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map((each) => (
            <tr key={each.name}>
              <td className="mono">{each.name}</td>
              <td>{each.choices ? each.choices.join(" | ") : TYPES[each.type]}</td>
              <td className="right">{typeof each.default === "number" ? exact(each.default) : String(each.default)}</td>
              <td className="right">{exact(each.min)}</td>
              <td className="right">{exact(each.max)}</td>
              <td className="right">{exact(each.step)}</td>
              <td className="meaning">
                {each.description}
                {each.unit === "quote" && <span className="faint"> In quote currency.</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

const TYPES: Record<ParameterInfo["type"], string> = {
  int: "whole number",
  float: "number",
  bool: "yes or no",
  choice: "choice",
};
