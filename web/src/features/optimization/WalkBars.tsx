/** What each window of a walk-forward promised in sample beside what it kept out of sample; the table tells the same. */
import type { WalkWindow } from "@/api/types";
import { whole } from "@/format/numbers";
import { metricName, showMetric } from "@/ui/run/metrics";
import { barOf, reachOf } from "./windowBars";

interface WalkBarsProps {
  windows: readonly WalkWindow[];
  /** The metric by which the windows chose. */
  objective: string;
}

const MOST_LABELS = 24;

export function WalkBars({ windows, objective }: WalkBarsProps) {
  const reach = reachOf(windows);
  if (!reach) return null;
  const name = metricName(objective);
  return (
    <figure className="walk-bars" data-testid="walk-bars">
      <figcaption className="row small">
        <span>{name} of each window</span>
        <span className="walk-key in-sample">in sample</span>
        <span className="walk-key out-of-sample">out of sample</span>
      </figcaption>
      <div className="walk-plot" role="img" aria-label={`${name} of each window in and out of sample, as in the table`}>
        <span className="walk-zero" style={{ bottom: `${String(100 * reach.zero)}%` }} />
        {windows.map(({ index, inSampleValue, outOfSampleValue }) => (
          <div className="walk-window" key={index}>
            {(
              [
                ["in-sample", "In sample", inSampleValue],
                ["out-of-sample", "Out of sample", outOfSampleValue],
              ] as const
            ).map(([kind, words, value]) => {
              const { from, size } = barOf(reach, value);
              return (
                <span
                  key={kind}
                  className={kind}
                  title={`Window ${whole(index + 1)}, ${words.toLowerCase()}: ${showMetric(objective, value)}`}
                  style={{ bottom: `${String(100 * from)}%`, height: `${String(100 * size)}%` }}
                />
              );
            })}
          </div>
        ))}
        <span className="walk-end top num faint">{showMetric(objective, reach.high)}</span>
        <span className="walk-end bottom num faint">{showMetric(objective, reach.low)}</span>
      </div>
      {windows.length <= MOST_LABELS && (
        <div className="walk-names num small faint" aria-hidden="true">
          {windows.map(({ index }) => (
            <span key={index}>{whole(index + 1)}</span>
          ))}
        </div>
      )}
    </figure>
  );
}
