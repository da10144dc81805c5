/** Equity over its drawdown, drawn by lightweight-charts; loaded only where a chart shows. */
import { BaselineSeries, LineSeries } from "lightweight-charts";
import type { AutoscaleInfo, IChartApi, ISeriesApi } from "lightweight-charts";
import { useEffect, useRef } from "react";
import { compact, money, percent } from "@/format/numbers";
import { barTime } from "@/format/times";
import { inkOf, useShade } from "../theme";
import { faded, framed, seconds } from "./frame";
import { aroundFlat, belowZero } from "./ranges";
import type { Range } from "./ranges";
import { ReadablePlot } from "./ReadablePlot";
import { spaced } from "./spacing";
import type { Entry } from "./spacing";
import { useCursor } from "./useCursor";
import type { Readable } from "./useCursor";

export type Point = readonly [tsMs: number, equity: number, drawdownPct: number];

interface PlotProps {
  points: readonly Point[];
  /** Where the curve began: above it gains, below it losses. */
  base: number | null;
  /** A value beside each point's equity, to compare with. */
  held: readonly number[] | null;
  timeFrame: string;
  label: string;
  /** The id of a text that tells what the chart shows. */
  told: string;
  /** The point under the pointer or chosen by the keyboard; null for none. */
  onPoint: (index: number | null) => void;
}

interface Plot {
  chart: IChartApi;
  equity: ISeriesApi<"Baseline">;
  drawdown: ISeriesApi<"Baseline">;
  held: ISeriesApi<"Line">;
}

/** Room for half a label at either end of the time axis. */
const EDGE_PX = 22;
/** Equity within half a cent of where it began has neither gained nor lost. */
const STILL = 0.005;

export default function EquityPlot({ points, base, held, timeFrame, label, told, onPoint }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const readable = useRef<Readable | null>(null);
  /** Of each entry of the chart the point that it shows. */
  const shown = useRef<readonly number[]>([]);
  const cursor = useCursor(readable, (entry) => onPoint(entry === null ? null : (shown.current[entry] ?? null)));
  const shade = useShade();

  useEffect(() => {
    if (!frame.current) return;
    const made = draw(frame.current, timeFrame);
    plot.current = made;
    const leave = cursor.watch(made.chart);
    return () => {
      leave();
      plot.current = readable.current = null;
      made.chart.remove();
    };
  }, [shade, timeFrame, cursor]);

  useEffect(() => {
    if (!plot.current) return;
    const { chart, equity, drawdown } = plot.current;
    const rising = points.filter(([ts], index) => index === 0 || seconds(ts) > seconds(points[index - 1]?.[0] ?? 0));
    const began = base ?? rising[0]?.[1] ?? 0;
    const still = inkOf("ink-faint");
    const entries = spaced(rising);
    equity.applyOptions({ baseValue: { type: "price", price: began } });
    equity.setData(
      entries.map((entry) => {
        if (typeof entry === "number") return { time: seconds(entry) };
        const [ts, value] = entry;
        const colours = Math.abs(value - began) < STILL ? { topLineColor: still, bottomLineColor: still } : {};
        return { time: seconds(ts), value, ...colours };
      }),
    );
    drawdown.setData(rising.map(([ts, , value]) => ({ time: seconds(ts), value })));
    shown.current = pointsOf(entries, points);
    readable.current = {
      chart,
      series: equity,
      entries: entries.length,
      at: (entry) => placeOf(entries, entry),
      entryOf: (time) => entries.findLastIndex((each) => seconds(typeof each === "number" ? each : each[0]) <= time),
    };
    showAll(chart, entries.length);
  }, [points, base, shade, timeFrame]);

  useEffect(() => {
    const values = points.map(([ts], index) => ({ time: seconds(ts), value: held?.[index] ?? 0 }));
    plot.current?.held.setData(
      held === null ? [] : values.filter(({ time }, index) => index === 0 || time > (values[index - 1]?.time ?? 0)),
    );
  }, [held, points, shade, timeFrame]);

  return <ReadablePlot {...{ frame, cursor, label, told }} data-points={points.length} data-held={held !== null} />;
}

/** Of each entry the index of the point in it, or of the one before. */
function pointsOf(entries: readonly Entry[], points: readonly Point[]): readonly number[] {
  const indices = new Map(points.map((point, index) => [point, index]));
  let before = 0;
  return entries.map((entry) => {
    if (typeof entry !== "number") before = indices.get(entry) ?? before;
    return before;
  });
}

function placeOf(entries: readonly Entry[], index: number) {
  const entry = entries[index];
  if (entry === undefined) return null;
  if (typeof entry !== "number") return { time: seconds(entry[0]), value: entry[1] };
  const before = entries.slice(0, index).findLast((each) => typeof each !== "number");
  return { time: seconds(entry), value: typeof before === "object" ? before[1] : 0 };
}

/** All entries, and beside them room for the labels at the edges. */
function showAll(chart: IChartApi, entries: number): void {
  const width = chart.timeScale().width();
  const edge = width > 4 * EDGE_PX ? (entries * EDGE_PX) / (width - 2 * EDGE_PX) : 0;
  chart.timeScale().setVisibleLogicalRange({ from: -edge, to: entries - 1 + edge });
}

/** Lets `of` choose the range of a pane. */
const ranged =
  (of: (range: Range) => Range) =>
  (original: () => AutoscaleInfo | null): AutoscaleInfo | null => {
    const info = original();
    return info?.priceRange ? { ...info, priceRange: of(info.priceRange) } : info;
  };

function draw(frame: HTMLElement, timeFrame: string): Plot {
  const [gain, loss] = [inkOf("gain"), inkOf("loss")];
  const chart = framed(frame, (tsMs) => barTime(tsMs, timeFrame));
  const equity = chart.addSeries(BaselineSeries, {
    lineWidth: 2,
    topLineColor: gain,
    bottomLineColor: loss,
    topFillColor1: faded(gain, 0.22),
    topFillColor2: faded(gain, 0.02),
    bottomFillColor1: faded(loss, 0.02),
    bottomFillColor2: faded(loss, 0.2),
    priceLineVisible: false,
    autoscaleInfoProvider: ranged(aroundFlat),
    priceFormat: {
      type: "custom",
      minMove: 0.01,
      formatter: (value: number) => (Math.abs(value) >= 1e6 ? compact(value) : money(value)),
    },
  });
  const drawdown = chart.addSeries(
    BaselineSeries,
    {
      baseValue: { type: "price", price: 0 },
      lineWidth: 1,
      topLineColor: loss,
      topFillColor1: "transparent",
      topFillColor2: "transparent",
      bottomLineColor: loss,
      bottomFillColor1: faded(loss, 0.05),
      bottomFillColor2: faded(loss, 0.25),
      priceLineVisible: false,
      autoscaleInfoProvider: ranged(belowZero),
      priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => percent(value, 2) },
    },
    1,
  );
  drawdown.priceScale().applyOptions({ scaleMargins: { top: 0.14, bottom: 0.14 } });
  chart.panes()[0]?.setStretchFactor(3);
  chart.panes()[1]?.setStretchFactor(1);
  const held = chart.addSeries(LineSeries, {
    color: inkOf("line-1"),
    lineWidth: 1,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
    priceFormat: equity.options().priceFormat,
  });
  return { chart, equity, drawdown, held };
}
