/** What all charts have in common: axes, grid, and how they are moved. */
import { createChart, LineStyle, TickMarkType } from "lightweight-charts";
import type { IChartApi, UTCTimestamp } from "lightweight-charts";
import { axisTime, marketTime } from "@/format/times";
import { inkOf } from "../theme";

export const seconds = (tsMs: number): UTCTimestamp => Math.floor(tsMs / 1000) as UTCTimestamp;

/** `rgb(1, 2, 3)` with an alpha. */
export const faded = (colour: string, alpha: number): string =>
  colour.replace("rgb(", "rgba(").replace(")", `, ${String(alpha)})`);

/** An empty chart in the colours of now; `show` names the instant under the pointer. */
export function framed(frame: HTMLElement, show: (tsMs: number) => string = marketTime): IChartApi {
  const line = inkOf("line");
  return createChart(frame, {
    autoSize: true,
    layout: {
      background: { color: "transparent" },
      textColor: inkOf("ink-faint"),
      fontFamily: getComputedStyle(document.body).fontFamily,
      attributionLogo: false, // it brings an inline <style>, which the Content-Security-Policy refuses; a link stands below
      panes: { separatorColor: line, enableResize: false },
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
    handleScale: { mouseWheel: false }, // the wheel scrolls the page; dragging and pinching move the chart
    localization: { timeFormatter: (time: number) => show(time * 1000) },
  });
}

const UNITS: Record<TickMarkType, "year" | "month" | "day" | "minute"> = {
  [TickMarkType.Year]: "year",
  [TickMarkType.Month]: "month",
  [TickMarkType.DayOfMonth]: "day",
  [TickMarkType.Time]: "minute",
  [TickMarkType.TimeWithSeconds]: "minute",
};
