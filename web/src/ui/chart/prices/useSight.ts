/** What part of the rows a chart shows: moved by its reader, or to where it is told to go. */
import type { IChartApi } from "lightweight-charts";
import { useEffect, useState } from "react";
import type { Bars } from "@/api/types";
import { placeOf, timeAt } from "./view";
import type { Span } from "./view";

/** A chart is dragged for a while; bars are loaded where it comes to rest. */
const REST_MS = 120;
/** The middle of a candle is its place: half of one more belongs to either end. */
const HALF = 0.5;

export interface Sight {
  /** Begins with a chart; ends with what it returns. */
  watch: (chart: IChartApi) => () => void;
  /** After the series were filled with these. */
  onBars: (bars: Bars) => void;
  goTo: (goal: Span) => void;
}

class ChartSight implements Sight {
  private chart: IChartApi | null = null;
  private times: readonly number[] = [];
  private stepMs = 1;
  private view: Span | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private tell: (view: Span, rows: number) => void = () => undefined;

  readonly telling = (tell: (view: Span, rows: number) => void): void => {
    this.tell = tell;
  };

  readonly watch = (chart: IChartApi): (() => void) => {
    this.chart = chart;
    chart.timeScale().subscribeVisibleLogicalRangeChange(this.onMove);
    return () => {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.chart = null;
    };
  };

  readonly onBars = (bars: Bars): void => {
    this.times = bars.rows.map(([ts]) => ts);
    this.stepMs = bars.interval;
    this.apply();
  };

  readonly goTo = (goal: Span): void => {
    this.view = goal;
    this.apply();
  };

  private apply(): void {
    if (!this.chart || !this.view || this.times.length === 0) return;
    this.chart.timeScale().setVisibleLogicalRange({
      from: placeOf(this.times, this.stepMs, this.view.fromMs) - HALF,
      to: placeOf(this.times, this.stepMs, this.view.toMs) + HALF,
    });
  }

  /** Looks when it rests: while rows are exchanged the range means nothing. */
  private readonly onMove = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const range = this.chart?.timeScale().getVisibleLogicalRange();
      if (!range || this.times.length === 0) return;
      const [from, to] = [range.from + HALF, range.to - HALF];
      this.view = {
        fromMs: timeAt(this.times, this.stepMs, from),
        toMs: Math.max(timeAt(this.times, this.stepMs, to), timeAt(this.times, this.stepMs, from) + this.stepMs),
      };
      this.tell(this.view, to - from);
    }, REST_MS);
  };
}

/** `onView` is told when the chart has come to rest. */
export function useSight(onView: (view: Span, rows: number) => void): Sight {
  const [sight] = useState(() => new ChartSight());
  useEffect(() => sight.telling(onView), [sight, onView]);
  return sight;
}
