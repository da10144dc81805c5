/** Candles with fills and indicators, drawn by lightweight-charts; loaded only where a chart shows. */
import { useEffect, useRef } from "react";
import type { Bars } from "@/api/types";
import { useShade } from "../../theme";
import { seconds } from "../frame";
import { ReadablePlot } from "../ReadablePlot";
import { useCursor } from "../useCursor";
import type { Readable } from "../useCursor";
import { draw, fill, markFills } from "./draw";
import type { Drawing } from "./draw";
import type { Fills, Mark } from "./mark";
import type { Line } from "./panes";
import { useSight } from "./useSight";
import { rowAt } from "./view";
import type { Span } from "./view";

export interface PricePlotProps {
  bars: Bars;
  lines: readonly Line[];
  /** Those of the bars' markers that are drawn. */
  fills: Fills;
  mark: Mark | null;
  /** What to show; a new object moves the chart there once the bars for it have come. */
  goal: Span;
  timeFrame: string;
  label: string;
  /** The id of a text that tells what the chart shows. */
  told: string;
  /** What is shown after it was moved, and how many rows that is. */
  onView: (view: Span, rows: number) => void;
  /** The row under the pointer or chosen by the keyboard; null for none. */
  onRow: (row: number | null) => void;
}

export default function PricePlot({
  bars,
  lines,
  fills,
  mark,
  goal,
  timeFrame,
  label,
  told,
  onView,
  onRow,
}: PricePlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const shade = useShade();
  const sight = useSight(onView);
  const readable = useRef<Readable | null>(null);
  const cursor = useCursor(readable, onRow);

  useEffect(() => {
    if (!frame.current) return;
    const made = draw(frame.current, lines, timeFrame);
    drawing.current = made;
    const leaveSight = sight.watch(made.chart);
    const leaveCursor = cursor.watch(made.chart);
    return () => {
      leaveSight();
      leaveCursor();
      drawing.current = readable.current = null;
      made.chart.remove();
    };
  }, [shade, lines, timeFrame, sight, cursor]);

  useEffect(() => {
    if (drawing.current) {
      fill(drawing.current, bars);
      const times = bars.rows.map(([ts]) => ts);
      readable.current = {
        chart: drawing.current.chart,
        series: drawing.current.candles,
        entries: bars.rows.length,
        at: (row) => placeOf(bars, row),
        entryOf: (time) => rowAt(times, time * 1000),
      };
      cursor.refresh();
    }
    sight.onBars(bars);
  }, [bars, lines, timeFrame, shade, sight, cursor]);

  useEffect(() => {
    if (drawing.current) markFills(drawing.current, bars, fills, mark);
  }, [bars, fills, mark, lines, timeFrame, shade]);

  useEffect(() => sight.goTo(goal), [goal, sight]);

  return (
    <ReadablePlot
      {...{ frame, cursor, label, told }}
      className="price-plot"
      data-rows={bars.rows.length}
      data-markers={fills.fills.length}
      data-panes={2 + Math.max(0, ...lines.map(({ pane }) => pane))}
      data-step={bars.interval}
    />
  );
}

/** On the close. */
function placeOf({ rows }: Bars, row: number) {
  const bar = rows[row];
  return bar ? { time: seconds(bar[0]), value: bar[4] } : null;
}
