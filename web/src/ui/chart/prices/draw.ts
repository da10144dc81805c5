/** The series of a price chart, as lightweight-charts draws them. */
import { CandlestickSeries, createSeriesMarkers, HistogramSeries, LineSeries, LineStyle } from "lightweight-charts";
import type {
  IChartApi,
  ISeriesApi,
  ISeriesMarkersPluginApi,
  LineData,
  SeriesMarker,
  UTCTimestamp,
} from "lightweight-charts";
import type { Bars, Marker } from "@/api/types";
import { compact, exact } from "@/format/numbers";
import { barTime } from "@/format/times";
import { inkOf } from "../../theme";
import { faded, framed, seconds } from "../frame";
import type { Fills, Mark } from "./mark";
import { lineColour } from "./palette";
import type { Line } from "./panes";
import { rounded } from "./reading";
import { rowAt } from "./view";

export interface Drawing {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<"Candlestick">;
  readonly volume: ISeriesApi<"Histogram">;
  readonly lines: ReadonlyMap<string, ISeriesApi<"Line">>;
  readonly trade: ISeriesApi<"Line">;
  readonly markers: ISeriesMarkersPluginApi<UTCTimestamp>;
}

const [PRICE_SHARE, INDICATOR_SHARE, VOLUME_SHARE] = [6, 2, 1];

const priceFormat = { type: "custom", minMove: 1e-8, formatter: rounded } as const;

export function draw(frame: HTMLElement, lines: readonly Line[], timeFrame: string): Drawing {
  const [gain, loss] = [inkOf("gain"), inkOf("loss")];
  const chart = framed(frame, (tsMs) => barTime(tsMs, timeFrame));
  const quiet = { priceLineVisible: false, lastValueVisible: false } as const;
  const candles = chart.addSeries(CandlestickSeries, {
    priceLineVisible: false,
    upColor: gain,
    downColor: loss,
    wickUpColor: gain,
    wickDownColor: loss,
    borderVisible: false,
    priceFormat,
  });
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.08 } });
  const plain = { ...quiet, crosshairMarkerVisible: false, priceFormat };
  const drawn = lines.map(({ name, pane, colour }) => {
    const color = inkOf(lineColour(colour));
    return [name, chart.addSeries(LineSeries, { ...plain, lineWidth: 2, color }, pane)] as const;
  });
  const trade = chart.addSeries(LineSeries, {
    ...plain,
    lineWidth: 2,
    lineStyle: LineStyle.Dashed,
    pointMarkersVisible: true,
    pointMarkersRadius: 5,
  });
  const volume = chart.addSeries(
    HistogramSeries,
    {
      ...quiet,
      color: faded(inkOf("ink-faint"), 0.35),
      priceFormat: { type: "custom", minMove: 1, formatter: compact },
    },
    chart.panes().length,
  );
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.2, bottom: 0 } });
  const last = chart.panes().length - 1;
  chart.panes().forEach((pane, index) => {
    pane.setStretchFactor(index === 0 ? PRICE_SHARE : index === last ? VOLUME_SHARE : INDICATOR_SHARE);
  });
  const markers = createSeriesMarkers<UTCTimestamp>(candles as never, [], { autoScale: true });
  return { chart, candles, volume, lines: new Map(drawn), trade, markers };
}

/** Fills the series with the rows of a window. */
export function fill(drawing: Drawing, bars: Bars): void {
  const { rows, indicators } = bars;
  drawing.trade.setData([]); // times of other rows would stand between these
  drawing.candles.setData(rows.map(([ts, open, high, low, close]) => ({ time: seconds(ts), open, high, low, close })));
  drawing.volume.setData(rows.map(([ts, , , , , value]) => ({ time: seconds(ts), value })));
  for (const [name, series] of drawing.lines) {
    const values = indicators[name] ?? [];
    series.setData(
      rows.map(([ts], index) => {
        const value = values[index];
        return value === null || value === undefined ? { time: seconds(ts) } : { time: seconds(ts), value };
      }),
    );
  }
}

/** Draws these fills, and one trade apart from them. */
export function markFills(drawing: Drawing, bars: Bars, { fills, sized }: Fills, mark: Mark | null): void {
  const times = bars.rows.map(([ts]) => ts);
  const timeOf = (ms: number): UTCTimestamp => seconds(times[rowAt(times, ms)] ?? ms);
  const [bought, sold] = [inkOf("accent"), inkOf("ember")];
  const arrow = ({ ts, side, quantity, effect }: Marker): SeriesMarker<UTCTimestamp> => ({
    time: timeOf(ts),
    position: side === "buy" ? "belowBar" : "aboveBar",
    shape: effect === "exit" ? "square" : side === "buy" ? "arrowUp" : "arrowDown",
    color: side === "buy" ? bought : sold,
    ...(sized ? { text: exact(quantity) } : {}),
  });
  const here = mark === null || mark.line !== null ? [] : [momentOf(mark.span.fromMs, times, bars.interval)];
  const marks = [...fills.map(arrow), ...here.flat()].sort((one, other) => one.time - other.time);
  // before the markers, which count entries of the time axis
  drawing.trade.setData(mark === null ? [] : pathOf(mark, times, bars.interval));
  drawing.markers.setMarkers(times.length === 0 ? [] : marks);
  drawing.trade.applyOptions({ color: inkOf(mark?.line?.gain ? "gain" : "loss") });
}

/** Entry and exit on the rows that they lie in; nothing of what lies beyond these rows. */
function pathOf({ span, line }: Mark, times: readonly number[], stepMs: number): LineData<UTCTimestamp>[] {
  if (!line) return [];
  const ends = [
    [span.fromMs, line.entryPrice],
    [span.toMs, line.exitPrice],
  ] as const;
  const [first, last] = [times[0] ?? Infinity, times.at(-1) ?? -Infinity];
  const inside = ends.filter(([ms]) => ms >= first && ms < last + stepMs);
  const points = new Map(inside.map(([ms, value]) => [times[rowAt(times, ms)] ?? ms, value]));
  return [...points].map(([ts, value]) => ({ time: seconds(ts), value }));
}

/** A dot on the row of an instant, when that is among the rows. */
function momentOf(ms: number, times: readonly number[], stepMs: number): SeriesMarker<UTCTimestamp>[] {
  const [first, last] = [times[0] ?? Infinity, times.at(-1) ?? -Infinity];
  const row = times[rowAt(times, ms)];
  if (row === undefined || ms < first || ms >= last + stepMs) return [];
  return [{ time: seconds(row), position: "inBar", shape: "circle", color: inkOf("line-3"), size: 1.2 }];
}
