/** Bars of how many trials have how much of a metric, read with the pointer or the arrow keys. */
import { useId, useState } from "react";
import type { KeyboardEvent, PointerEvent } from "react";
import type { Distribution } from "@/api/types";
import { percent, whole } from "@/format/numbers";
import { metricName, showMetric } from "@/ui/run/metrics";
import { barsOf, placeOf } from "./bars";
import type { Bar } from "./bars";

interface HistogramProps {
  spread: Distribution;
  /** The value of the best trial, where it is of this metric. */
  best: number | null;
}

export function Histogram({ spread, best }: HistogramProps) {
  const reading = useId();
  const [at, setAt] = useState<number | null>(null);
  const bars = barsOf(spread);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const read = at === null ? undefined : bars[Math.min(at, bars.length - 1)];
  const name = metricName(spread.metric);
  const onPointer = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setAt(Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length))));
  };
  const onKey = (event: KeyboardEvent): void => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (steps === undefined) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(bars.length - 1, (at ?? -1) + steps)));
  };
  const bestPlace = best === null ? null : placeOf(spread, best);
  return (
    <figure className="spread-bars">
      <p className="small num" id={reading} role="status" data-no-picture={read ? undefined : ""}>
        {read ? wordsOf(spread, read) : `${name}: point at a bar, or move along the bars with the arrow keys.`}
      </p>
      <div
        className="spread-plot"
        role="application"
        aria-roledescription="histogram"
        aria-label={`How ${name} is spread over the trials: arrow keys move between bars`}
        aria-describedby={reading}
        tabIndex={0}
        onPointerMove={onPointer}
        onPointerLeave={() => setAt(null)}
        onKeyDown={onKey}
        data-testid="histogram"
        data-bars={bars.length}
      >
        {bars.map((bar, place) => (
          <span
            key={bar.from}
            className={bar.to <= 0 ? "loss-bar" : "bar"}
            data-read={bar === read ? "" : undefined}
            style={{
              height: `${String((100 * bar.count) / most)}%`,
              left: `${String((100 * place) / bars.length)}%`,
              width: `${String(100 / bars.length)}%`,
            }}
          />
        ))}
        {spread.quartiles && <Mark at={placeOf(spread, spread.quartiles[1])} className="median-mark" text="median" />}
        {bestPlace !== null && <Mark at={bestPlace} className="best-mark" text="best" />}
      </div>
      <p className="ends num small faint">
        <span>{`${spread.below > 0 ? "≤ " : ""}${showMetric(spread.metric, bars[0]?.from)}`}</span>
        <span>{`${spread.above > 0 ? "≥ " : ""}${showMetric(spread.metric, bars.at(-1)?.to)}`}</span>
      </p>
    </figure>
  );
}

function Mark({ at, className, text }: { at: number; className: string; text: string }) {
  return (
    <span className={`spread-mark ${className}`} style={{ left: `${String(100 * at)}%` }}>
      <span className={at > 0.9 ? "before" : undefined}>{text}</span>
    </span>
  );
}

const wordsOf = ({ metric, defined }: Distribution, { from, to, count }: Bar): string =>
  `${showMetric(metric, from)} to ${showMetric(metric, to)}: ${whole(count)} ${count === 1 ? "trial" : "trials"}, ${percent((100 * count) / defined, 1)}`;
