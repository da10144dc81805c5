/** What the colours mean, and how the values are spread over them. */
import { whole } from "@/format/numbers";
import { colourAt, cssOf } from "@/ui/chart/palette";
import type { Rgb } from "@/ui/chart/palette";
import { histogram, shareOn } from "@/ui/chart/scale";
import type { Scale } from "@/ui/chart/scale";
import { metricName, showMetric } from "@/ui/run/metrics";

interface LegendProps {
  metric: string;
  values: readonly number[];
  scale: Scale;
  ramp: readonly Rgb[];
  /** What a value stands for: `trials`, or `cells` of several. */
  noun: string;
  /** The value that is read. */
  at: number | null;
}

const STOPS = 12;

export function Legend({ metric, values, scale, ramp, noun, at }: LegendProps) {
  const bars = histogram(values, scale);
  const most = Math.max(...bars.map(({ count }) => count));
  const gradient = Array.from({ length: STOPS + 1 }, (_, index) => cssOf(colourAt(ramp, index / STOPS))).join(", ");
  return (
    <figure className="legend" data-testid="distribution">
      <figcaption className="small">
        {metricName(metric)}{" "}
        <span className="faint">
          of {whole(values.length)} {noun}
        </span>
      </figcaption>
      <div className="histogram" role="img" aria-label={`How ${metricName(metric)} is spread over the ${noun}`}>
        {bars.map(({ from, to, count }) => (
          <span
            key={from}
            title={`${showMetric(metric, from)} to ${showMetric(metric, to)}: ${whole(count)} ${noun}`}
            style={{
              height: `${String((100 * count) / most)}%`,
              background: cssOf(colourAt(ramp, shareOn(scale, (from + to) / 2))),
            }}
          />
        ))}
      </div>
      <div className="colours" style={{ background: `linear-gradient(to right, ${gradient})` }}>
        {at !== null && <span className="needle" style={{ left: `${String(100 * shareOn(scale, at))}%` }} />}
      </div>
      <p className="ends num small faint">
        <span>{`${scale.clipped ? "≤ " : ""}${showMetric(metric, scale.low)}`}</span>
        {scale.kind === "diverging" && <span>{showMetric(metric, 0)}</span>}
        <span>{`${scale.clipped ? "≥ " : ""}${showMetric(metric, scale.high)}`}</span>
      </p>
    </figure>
  );
}
