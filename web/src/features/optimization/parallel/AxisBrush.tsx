/** One axis: its name and values, and the range on it, drawn with the pointer or moved by its two ends with the keys. */
import { useRef } from "react";
import type { KeyboardEvent, PointerEvent } from "react";
import type { ParamValue } from "@/api/types";
import { spoken } from "@/format/words";
import { metricName, showMetric } from "@/ui/run/metrics";
import { shown } from "@/ui/run/SettingsFacts";
import { moved, valueAt, WHOLE } from "./axes";
import type { ParallelAxis, Range } from "./axes";

interface AxisBrushProps {
  axis: ParallelAxis;
  /** From the left edge, 0–1. */
  at: number;
  range: Range | undefined;
  onRange: (range: Range) => void;
}

/** A shorter stroke is a click, which takes the range away. */
const SHORTEST = 0.015;
const MOST_TICKS = 7;

export function AxisBrush({ axis, at, range, onRange }: AxisBrushProps) {
  const drawn = useRef<{ from: number; end: 0 | 1 | null } | null>(null);
  const [low, high] = range ?? WHOLE;
  const name = axis.isMetric ? metricName(axis.name) : spoken(axis.name);
  const placeOf = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height));
  };
  const onDown = (event: PointerEvent<HTMLElement>): void => {
    const end = event.target instanceof HTMLElement ? event.target.dataset["end"] : undefined;
    event.currentTarget.setPointerCapture(event.pointerId);
    drawn.current = { from: placeOf(event), end: end === undefined ? null : end === "low" ? 0 : 1 };
  };
  const onMove = (event: PointerEvent<HTMLElement>): void => {
    if (!drawn.current) return;
    const { from, end } = drawn.current;
    const to = placeOf(event);
    if (end === 0) onRange([Math.min(to, high), high]);
    else if (end === 1) onRange([low, Math.max(to, low)]);
    else if (Math.abs(to - from) >= SHORTEST) onRange([Math.min(from, to), Math.max(from, to)]);
  };
  const onUp = (event: PointerEvent<HTMLElement>): void => {
    const stroke = drawn.current;
    drawn.current = null;
    if (stroke?.end === null && Math.abs(placeOf(event) - stroke.from) < SHORTEST) onRange(WHOLE);
  };
  const onKey = (event: KeyboardEvent, end: 0 | 1): void => {
    const next = event.key === "Escape" ? WHOLE : moved([low, high], end, event.key, axis.step);
    if (!next) return;
    event.preventDefault();
    onRange(next);
  };
  return (
    <div className="axis" style={{ left: `${String(100 * at)}%` }} data-set={range ? "" : undefined}>
      <span className="axis-name small">{name}</span>
      <div
        className="axis-line"
        role="group"
        aria-label={`Range of ${name}`}
        data-testid={`axis-${axis.name}`}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => (drawn.current = null)}
      >
        <span className="axis-bar" />
        {range && (
          <span
            className="axis-range"
            style={{ bottom: `${String(100 * low)}%`, height: `${String(100 * (high - low))}%` }}
          />
        )}
        {(["low", "high"] as const).map((which, end) => (
          <span
            key={which}
            className="axis-end"
            role="slider"
            tabIndex={0}
            data-end={which}
            aria-label={`${name}, ${which === "low" ? "from" : "to"}`}
            aria-orientation="vertical"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(100 * (end === 0 ? low : high))}
            aria-valuetext={told(axis, valueAt(axis, end === 0 ? low : high))}
            style={{ bottom: `${String(100 * (end === 0 ? low : high))}%` }}
            onKeyDown={(event) => onKey(event, end as 0 | 1)}
          />
        ))}
      </div>
      {ticksOf(axis).map(({ value, share }) => (
        <span
          key={String(value)}
          className="axis-tick num"
          aria-hidden="true"
          style={{ bottom: `${String(100 * share)}%` }}
        >
          {told(axis, value)}
        </span>
      ))}
    </div>
  );
}

const told = ({ name, isMetric }: ParallelAxis, value: ParamValue): string =>
  isMetric && typeof value === "number" ? showMetric(name, value) : shown(value);

/** All values where they are few, else those at the ends and in the middle. */
function ticksOf(axis: ParallelAxis): readonly { value: ParamValue; share: number }[] {
  if (axis.stops && axis.stops.length <= MOST_TICKS) return axis.stops;
  if (axis.stops) return axis.stops.filter((_, place, all) => place === 0 || place === all.length - 1);
  return [0, 0.5, 1].map((share) => ({ value: valueAt(axis, share), share }));
}
