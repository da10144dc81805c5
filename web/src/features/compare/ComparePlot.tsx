/** The lines themselves, drawn by lightweight-charts. */
import { createChart, LineSeries, LineStyle, TickMarkType } from "lightweight-charts";
import type { IChartApi, ISeriesApi, UTCTimestamp } from "lightweight-charts";
import { useEffect, useRef } from "react";
import { compact, money, signedPercent } from "@/format/numbers";
import { axisTime, marketTime } from "@/format/times";
import { inkOf, useShade } from "@/ui/theme";
import type { Grid, Scale } from "./curves";
import { letterOf } from "./keys";

interface PlotProps {
  grid: Grid;
  scale: Scale;
  label: string;
  /** The place on the grid that the pointer reads; null: none. */
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

export default function ComparePlot({ grid, scale, label, onRead }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const shade = useShade();
  const count = grid.values.length;

  useEffect(() => {
    if (!frame.current) return;
    const made = draw(frame.current, count, scale);
    plot.current = made;
    return () => {
      plot.current = null;
      made.chart.remove();
    };
  }, [shade, count, scale]);

  useEffect(() => {
    if (!plot.current) return;
    const { chart, lines } = plot.current;
    lines.forEach((line, index) => {
      const values = grid.values[index] ?? [];
      line.setData(
        grid.times.map((time, at) => {
          const value = values[at] ?? null;
          return value === null ? { time: time as UTCTimestamp } : { time: time as UTCTimestamp, value };
        }),
      );
    });
    const room = grid.times.length * EDGE;
    chart.timeScale().setVisibleLogicalRange({ from: -room, to: grid.times.length - 1 + room });
    const places = new Map(grid.times.map((time, at) => [time, at]));
    const read = ({ time }: { time?: unknown }): void =>
      onRead(typeof time === "number" ? (places.get(time) ?? null) : null);
    chart.subscribeCrosshairMove(read);
    return () => chart.unsubscribeCrosshairMove(read);
  }, [grid, shade, count, scale, onRead]);

  return <div ref={frame} className="plot" role="img" aria-label={label} data-lines={count} />;
}

function draw(frame: HTMLElement, count: number, scale: Scale): Plot {
  const [ink, line] = [inkOf("ink-faint"), inkOf("line")];
  const chart = createChart(frame, {
    autoSize: true,
    layout: {
      background: { color: "transparent" },
      textColor: ink,
      fontFamily: getComputedStyle(document.body).fontFamily,
      attributionLogo: false, // it brings an inline <style>, which the Content-Security-Policy refuses; a link stands below
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line, style: LineStyle.Solid } },
    rightPriceScale: { borderVisible: false, entireTextOnly: true, minimumWidth: 76 },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      minBarSpacing: 0.001,
      lockVisibleTimeRangeOnResize: true,
      tickMarkFormatter: (time: number, mark: TickMarkType) => axisTime(time * 1000, UNITS[mark]),
    },
    crosshair: {
      vertLine: { labelBackgroundColor: inkOf("accent") },
      horzLine: { labelBackgroundColor: inkOf("accent") },
    },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false }, // the wheel scrolls the page
    localization: { timeFormatter: (time: number) => marketTime(time * 1000) },
  });
  const lines = Array.from({ length: count }, (_, index) =>
    chart.addSeries(LineSeries, {
      color: inkOf(`line-${letterOf(index).toLowerCase()}`),
      lineWidth: 2,
      title: letterOf(index),
      priceLineVisible: false,
      crosshairMarkerRadius: 3,
      priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => showValue(scale, value) },
    }),
  );
  return { chart, lines };
}

const UNITS = {
  [TickMarkType.Year]: "year",
  [TickMarkType.Month]: "month",
  [TickMarkType.DayOfMonth]: "day",
  [TickMarkType.Time]: "minute",
  [TickMarkType.TimeWithSeconds]: "minute",
} as const satisfies Record<TickMarkType, string>;
