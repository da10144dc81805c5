/** Equity over its drawdown, drawn by lightweight-charts; loaded only where a chart shows. */
import { AreaSeries, BaselineSeries, createChart, LineStyle } from "lightweight-charts";
import type { IChartApi, ISeriesApi, UTCTimestamp } from "lightweight-charts";
import { useEffect, useRef } from "react";
import { compact, money, percent } from "@/format/numbers";
import { marketTime } from "@/format/times";
import { inkOf, useShade } from "../theme";

export type Point = readonly [tsMs: number, equity: number, drawdownPct: number];

interface PlotProps {
  points: readonly Point[];
  /** Where the curve began: above it gains, below it losses. */
  base: number | null;
  label: string;
}

interface Plot {
  chart: IChartApi;
  equity: ISeriesApi<"Baseline">;
  drawdown: ISeriesApi<"Area">;
}

const seconds = (tsMs: number): UTCTimestamp => Math.floor(tsMs / 1000) as UTCTimestamp;

export default function EquityPlot({ points, base, label }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const shade = useShade();

  useEffect(() => {
    if (!frame.current) return;
    const made = draw(frame.current);
    plot.current = made;
    return () => {
      plot.current = null;
      made.chart.remove();
    };
  }, [shade]);

  useEffect(() => {
    if (!plot.current) return;
    const { chart, equity, drawdown } = plot.current;
    const rising = points.filter(([ts], index) => index === 0 || seconds(ts) > seconds(points[index - 1]?.[0] ?? 0));
    equity.applyOptions({ baseValue: { type: "price", price: base ?? rising[0]?.[1] ?? 0 } });
    equity.setData(rising.map(([ts, value]) => ({ time: seconds(ts), value })));
    drawdown.setData(rising.map(([ts, , value]) => ({ time: seconds(ts), value })));
    chart.timeScale().fitContent();
  }, [points, base, shade]);

  return <div ref={frame} className="plot" role="img" aria-label={label} data-points={points.length} />;
}

function draw(frame: HTMLElement): Plot {
  const [ink, line, gain, loss] = [inkOf("ink-faint"), inkOf("line"), inkOf("gain"), inkOf("loss")];
  const chart = createChart(frame, {
    autoSize: true,
    layout: {
      background: { color: "transparent" },
      textColor: ink,
      fontFamily: getComputedStyle(document.body).fontFamily,
      attributionLogo: false, // it brings an inline <style>, which the Content-Security-Policy refuses; a link stands below
      panes: { separatorColor: line, enableResize: false },
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line, style: LineStyle.Solid } },
    rightPriceScale: { borderVisible: false },
    timeScale: { borderVisible: false, timeVisible: true, minBarSpacing: 0.001, lockVisibleTimeRangeOnResize: true },
    crosshair: {
      vertLine: { labelBackgroundColor: inkOf("accent") },
      horzLine: { labelBackgroundColor: inkOf("accent") },
    },
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false }, // the wheel scrolls the page; dragging and pinching move the chart
    localization: { timeFormatter: (time: number) => marketTime(time * 1000) },
  });
  const equity = chart.addSeries(BaselineSeries, {
    lineWidth: 2,
    topLineColor: gain,
    bottomLineColor: loss,
    topFillColor1: faded(gain, 0.22),
    topFillColor2: faded(gain, 0.02),
    bottomFillColor1: faded(loss, 0.02),
    bottomFillColor2: faded(loss, 0.2),
    priceLineVisible: false,
    priceFormat: {
      type: "custom",
      minMove: 0.01,
      formatter: (value: number) => (Math.abs(value) >= 1e6 ? compact(value) : money(value)),
    },
  });
  const drawdown = chart.addSeries(
    AreaSeries,
    {
      lineWidth: 1,
      lineColor: loss,
      topColor: faded(loss, 0.05),
      bottomColor: faded(loss, 0.25),
      invertFilledArea: true,
      priceLineVisible: false,
      priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => percent(value, 2) },
    },
    1,
  );
  chart.panes()[0]?.setStretchFactor(3);
  chart.panes()[1]?.setStretchFactor(1);
  return { chart, equity, drawdown };
}

/** `rgb(1, 2, 3)` with an alpha. */
const faded = (colour: string, alpha: number): string =>
  colour.replace("rgb(", "rgba(").replace(")", `, ${String(alpha)})`);
