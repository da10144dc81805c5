/** The windows of a walk-forward optimization. */
import { CheckField, SelectField, TextField } from "@/ui/Field";
import { MetricOptions } from "@/ui/run/MetricOptions";
import { numberField } from "./numberField";
import type { SearchProps } from "./SearchFields";

export function WalkForwardFields(props: SearchProps) {
  const { search, change, wrong } = props;
  const field = numberField(props);
  return (
    <div className="fields">
      <TextField label="Windows" {...field("windows", "walkForward.windows")} />
      <TextField
        label="Out of sample"
        unit="%"
        hint="The share of each window that follows what was searched"
        {...field("outOfSamplePct", "walkForward.outOfSamplePct")}
      />
      <SelectField
        id="walkForward.objective"
        label="Chosen in sample by"
        value={search.objective}
        onValue={(objective) => change({ objective })}
        error={wrong("walkForward.objective")}
      >
        <MetricOptions />
      </SelectField>
      <div className="wide">
        <CheckField
          label="Anchored: every window begins at the first bar"
          checked={search.anchored}
          onChecked={(anchored) => change({ anchored })}
        />
      </div>
      {wrong("walkForward") && (
        <p className="wide small loss" role="alert">
          {wrong("walkForward")}
        </p>
      )}
    </div>
  );
}
