/** What is read off a chart: the entry under the pointer, or the one chosen by the arrow keys. */
import type { IChartApi, ISeriesApi, MouseEventParams, SeriesType, UTCTimestamp } from "lightweight-charts";
import { useEffect, useMemo, useRef } from "react";
import type { KeyboardEvent, RefObject } from "react";

/** A chart whose entries can be read, `at` gives where the cross of one stands. */
export interface Readable {
  readonly chart: IChartApi;
  readonly series: ISeriesApi<SeriesType>;
  readonly entries: number;
  readonly at: (entry: number) => { readonly time: UTCTimestamp; readonly value: number } | null;
  /** The entry of an instant. */
  readonly entryOf: (time: UTCTimestamp) => number;
}

export interface Cursor {
  /** Begins with a chart; ends with what it returns. */
  watch: (chart: IChartApi) => () => void;
  onKey: (event: KeyboardEvent) => void;
  leave: () => void;
  /** After other entries have come: the one that was chosen stays so. */
  refresh: () => void;
}

const FAR = 10;

/** How far a key goes from an entry of `entries`, of which those from `seen` are in view; null for other keys. */
export function entryAfter(
  key: string,
  shift: boolean,
  entry: number | null,
  seen: readonly [first: number, last: number],
  entries: number,
): number | null {
  const step = shift ? FAR : 1;
  const places: Record<string, number> = {
    ArrowLeft: entry === null ? seen[1] : entry - step,
    ArrowRight: entry === null ? seen[0] : entry + step,
    Home: 0,
    End: entries - 1,
  };
  const next = places[key];
  return next === undefined ? null : Math.min(entries - 1, Math.max(0, next));
}

export function useCursor(target: RefObject<Readable | null>, onEntry: (entry: number | null) => void): Cursor {
  const told = useRef(onEntry);
  const chosen = useRef<number | null>(null);
  const chosenTime = useRef<UTCTimestamp | null>(null);
  useEffect(() => {
    told.current = onEntry;
  }, [onEntry]);
  return useMemo(() => {
    const leave = (): void => {
      if (chosen.current === null) return;
      chosen.current = null;
      target.current?.chart.clearCrosshairPosition();
      told.current(null);
    };
    const onKey = (event: KeyboardEvent): void => {
      const read = target.current;
      if (!read || read.entries === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") return leave();
      const scale = read.chart.timeScale();
      const range = scale.getVisibleLogicalRange() ?? { from: 0, to: read.entries - 1 };
      const seen = [Math.ceil(range.from), Math.floor(range.to)] as const;
      const next = entryAfter(event.key, event.shiftKey, chosen.current, seen, read.entries);
      const place = next === null ? null : read.at(next);
      if (next === null || !place) return;
      event.preventDefault();
      chosen.current = next;
      chosenTime.current = place.time;
      if (next < range.from || next > range.to) {
        const half = (range.to - range.from) / 2;
        scale.setVisibleLogicalRange({ from: next - half, to: next + half });
      }
      read.chart.setCrosshairPosition(place.value, place.time, read.series);
      told.current(next);
    };
    const watch = (chart: IChartApi): (() => void) => {
      const onMove = ({ logical, point }: MouseEventParams): void => {
        if (!point) {
          // a cross that the keys have set comes without a point
          if (chosen.current === null) told.current(null);
          return;
        }
        chosen.current = null;
        const inside = logical !== undefined && logical >= 0 && logical < (target.current?.entries ?? 0);
        told.current(inside ? logical : null);
      };
      chart.subscribeCrosshairMove(onMove);
      return () => {
        chosen.current = null;
        chart.unsubscribeCrosshairMove(onMove);
      };
    };
    const refresh = (): void => {
      if (chosen.current === null || chosenTime.current === null || !target.current) return;
      chosen.current = target.current.entryOf(chosenTime.current);
      told.current(chosen.current);
    };
    return { watch, onKey, leave, refresh };
  }, [target]);
}
