/** Any metric, or the fitness. */
import { MetricOptions } from "@/ui/run/MetricOptions";
import { FITNESS, metricName } from "@/ui/run/metrics";
import { Choice } from "./Choice";

export function MetricChoice({ value, onValue }: { value: string; onValue: (metric: string) => void }) {
  return (
    <Choice label="Metric" value={value} onValue={onValue}>
      <option value={FITNESS}>{metricName(FITNESS)}</option>
      <MetricOptions />
    </Choice>
  );
}
