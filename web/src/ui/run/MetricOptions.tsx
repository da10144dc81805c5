/** All metrics as the options of a list, in their groups. */
import { METRIC_GROUPS, METRICS } from "./metrics";

export function MetricOptions() {
  return METRIC_GROUPS.map(([group, names]) => (
    <optgroup key={group} label={group}>
      {names.map((name) => (
        <option key={name} value={name}>
          {METRICS[name].name}
        </option>
      ))}
    </optgroup>
  ));
}
