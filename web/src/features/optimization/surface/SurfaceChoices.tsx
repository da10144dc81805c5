/** Which parameters, which metric, and how several trials become one cell. */
import type { ReactNode } from "react";
import { spoken } from "@/format/words";
import { Choice } from "../Choice";
import { MetricChoice } from "../MetricChoice";
import type { CellFold, SurfaceChoice } from "./useSurface";

interface ChoicesProps {
  names: readonly string[];
  choice: SurfaceChoice;
  onChoice: (choice: SurfaceChoice) => void;
  /** What stands beside them. */
  children?: ReactNode;
}

const FOLDS: Record<CellFold, string> = {
  best: "Their best",
  median: "Their median",
  mean: "Their mean",
  slice: "As the best trial",
};

export function SurfaceChoices({ names, choice, onChoice, children }: ChoicesProps) {
  /** A parameter that goes where the other one is changes places with it. */
  const place = (axis: "x" | "y", name: string): void => {
    const other = axis === "x" ? "y" : "x";
    onChoice({ ...choice, [axis]: name, ...(choice[other] === name ? { [other]: choice[axis] } : {}) });
  };
  return (
    <div className="row push choices-row">
      {(["x", "y"] as const).map((axis) => (
        <Choice
          key={axis}
          label={axis === "x" ? "Across" : "Upwards"}
          value={choice[axis]}
          onValue={(name) => place(axis, name)}
        >
          {names.map((name) => (
            <option key={name} value={name}>
              {spoken(name)}
            </option>
          ))}
        </Choice>
      ))}
      <MetricChoice value={choice.metric} onValue={(metric) => onChoice({ ...choice, metric })} />
      {names.length > 2 && (
        <Choice
          label="The others"
          value={choice.fold}
          onValue={(fold) => onChoice({ ...choice, fold: fold as CellFold })}
        >
          {Object.entries(FOLDS).map(([fold, name]) => (
            <option key={fold} value={fold}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      {children}
    </div>
  );
}
