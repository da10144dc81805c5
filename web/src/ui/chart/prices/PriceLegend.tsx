/** The values of one candle and of the indicators on it, each with the colour of its line. */
import { useMemo } from "react";
import type { Bars } from "@/api/types";
import type { Line } from "./panes";
import { lineColour } from "./palette";
import { rowAt } from "./view";
import type { Span } from "./view";
import { lineName, readingOf } from "./reading";

interface PriceLegendProps {
  bars: Bars;
  lines: readonly Line[];
  /** Null: the last one in view. */
  row: number | null;
  view: Span;
  timeFrame: string;
}

export function PriceLegend({ bars, lines, row, view, timeFrame }: PriceLegendProps) {
  const times = useMemo(() => bars.rows.map(([ts]) => ts), [bars]);
  const reading = readingOf(bars, row ?? rowAt(times, view.toMs), timeFrame);
  if (!reading) return null;
  const colours = new Map(lines.map(({ name, colour }) => [lineName(name), lineColour(colour)]));
  return (
    <p className="price-legend num small" aria-live={row === null ? "off" : "polite"} data-testid="reading">
      <span className="soft">{reading.time}</span>
      {reading.values.map(([name, value]) => {
        const colour = colours.get(name);
        return (
          <span key={name} className={colour ? `line-key ${colour}` : undefined}>
            <span className="faint">{name}</span> {value}
          </span>
        );
      })}
    </p>
  );
}
