/** The columns of the parameters in tables of trials. */
import type { Params } from "@/api/types";
import { spoken } from "@/format/words";
import { shown } from "@/ui/run/SettingsFacts";

interface HeadsProps {
  names: readonly string[];
}

export function ParameterHeads({ names }: HeadsProps) {
  return names.map((name) => (
    <th scope="col" className="right" key={name}>
      {spoken(name)}
    </th>
  ));
}

interface CellsProps extends HeadsProps {
  /** A dash where it has none. */
  parameters: Params | null | undefined;
}

export function ParameterCells({ names, parameters }: CellsProps) {
  return names.map((name) => (
    <td className="right" key={name}>
      {shown(parameters?.[name] ?? "–")}
    </td>
  ));
}

/** Over the column with the button that leads to a backtest. */
export function RunItHead() {
  return (
    <th scope="col">
      <span className="sr-only">Run it</span>
    </th>
  );
}
