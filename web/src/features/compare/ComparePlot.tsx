/** The lines themselves, drawn by lightweight-charts. */
import { LineSeries } from "lightweight-charts";
import type { IChartApi, ISeriesApi, UTCTimestamp } from "lightweight-charts";
import { useEffect, useRef } from "react";
import { compact, money, signedPercent } from "@/format/numbers";
import { framed } from "@/ui/chart/frame";
import { ReadablePlot } from "@/ui/chart/ReadablePlot";
import { useCursor } from "@/ui/chart/useCursor";
import type { Readable } from "@/ui/chart/useCursor";
import { inkOf, useShade } from "@/ui/theme";
import type { Grid, Scale } from "./curves";
import { letterOf, lineOf } from "./keys";

interface PlotProps {
  grid: Grid;
  scale: Scale;
  label: string;
  /** The id of a text that tells what the chart shows. */
  told: string;
  /** The place on the grid that is read, by the pointer or by the keyboard; null: none. */
  onRead: (index: number | null) => void;
}

interface Plot {
  chart: IChartApi;
  lines: ISeriesApi<"Line">[];
}

/** The share of the width that labels need beside the first and the last time. */
const EDGE = 0.02;

const showValue = (scale: Scale, value: number): string =>
  scale === "percent" ? signedPercent(value, 1) : Math.abs(value) >= 1e6 ? compact(value) : money(value);

export default function ComparePlot({ grid, scale, label, told, onRead }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const readable = useRef<Readable | null>(null);
  const cursor = useCursor(readable, onRead);
  const shade = useShade();
  const count = grid.values.length;

  useEffect(() => {
    if (!frame.current) return;
    const made = draw(frame.current, count, scale);
    plot.current = made;
    const leave = cursor.watch(made.chart);
    return () => {
      leave();
      plot.current = readable.current = null;
      made.chart.remove();
    };
  }, [shade, count, scale, cursor]);

  useEffect(() => {
    if (!plot.current) return;
    const { chart, lines } = plot.current;
    lines.forEach((line, index) => line.setData(entriesOf(grid, index)));
    const room = grid.times.length * EDGE;
    chart.timeScale().setVisibleLogicalRange({ from: -room, to: grid.times.length - 1 + room });
    readable.current = readableOf(plot.current, grid);
  }, [grid, shade, count, scale]);

  return <ReadablePlot {...{ frame, cursor, label, told }} data-lines={count} />;
}

function entriesOf({ times, values }: Grid, line: number) {
  return times.map((each, at) => {
    const time = each as UTCTimestamp;
    const value = values[line]?.[at] ?? null;
    return value === null ? { time } : { time, value };
  });
}

function readableOf({ chart, lines }: Plot, grid: Grid): Readable | null {
  const [series] = lines;
  if (!series) return null;
  return {
    chart,
    series,
    entries: grid.times.length,
    at: (entry) => {
      const time = grid.times[entry];
      // the cross stands on the first line that goes so far
      const value = grid.values.map((line) => line[entry] ?? null).find((each) => each !== null);
      return time === undefined ? null : { time: time as UTCTimestamp, value: value ?? 0 };
    },
    entryOf: (time) => grid.times.findLastIndex((each) => each <= time),
  };
}

function draw(frame: HTMLElement, count: number, scale: Scale): Plot {
  const chart = framed(frame);
  const lines = Array.from({ length: count }, (_, index) =>
    chart.addSeries(LineSeries, {
      color: inkOf(lineOf(index)),
      lineWidth: 2,
      title: letterOf(index),
      priceLineVisible: false,
      crosshairMarkerRadius: 3,
      priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => showValue(scale, value) },
    }),
  );
  return { chart, lines };
}
