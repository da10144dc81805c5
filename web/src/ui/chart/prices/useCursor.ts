/** The row that is read off a price chart: the one under the pointer, or chosen by the arrow keys. */
import type { MouseEventParams } from "lightweight-charts";
import { useEffect, useMemo, useRef } from "react";
import type { KeyboardEvent, RefObject } from "react";
import type { Bars } from "@/api/types";
import { seconds } from "../frame";
import type { Drawing } from "./draw";

const FAR = 10;

export interface Cursor {
  watch: (drawing: Drawing) => () => void;
  onKey: (event: KeyboardEvent) => void;
  leave: () => void;
}

/** How far a key goes from a row among `rows`; null for other keys. */
export function rowAfter(
  key: string,
  shift: boolean,
  row: number | null,
  seen: readonly [number, number],
  rows: number,
) {
  const start = row ?? seen[1];
  const step = shift ? FAR : 1;
  const steps: Record<string, number> = {
    ArrowLeft: row === null ? seen[1] : start - step,
    ArrowRight: row === null ? seen[0] : start + step,
    Home: 0,
    End: rows - 1,
  };
  const next = steps[key];
  return next === undefined ? null : Math.min(rows - 1, Math.max(0, next));
}

export function useCursor(drawing: RefObject<Drawing | null>, bars: Bars, onRow: (row: number | null) => void): Cursor {
  const latest = useRef({ bars, onRow });
  const row = useRef<number | null>(null);
  useEffect(() => {
    latest.current = { bars, onRow };
    row.current = null;
  }, [bars, onRow]);
  return useMemo(() => {
    const leave = (): void => {
      row.current = null;
      drawing.current?.chart.clearCrosshairPosition();
      latest.current.onRow(null);
    };
    const onKey = (event: KeyboardEvent): void => {
      const made = drawing.current;
      const { rows } = latest.current.bars;
      if (!made || rows.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape") return leave();
      const range = made.chart.timeScale().getVisibleLogicalRange();
      const seen = [Math.ceil(range?.from ?? 0), Math.floor(range?.to ?? 0)] as const;
      const next = rowAfter(event.key, event.shiftKey, row.current, seen, rows.length);
      const chosen = next === null ? undefined : rows[next];
      if (next === null || !chosen) return;
      event.preventDefault();
      row.current = next;
      if (range && (next < range.from || next > range.to)) {
        const half = (range.to - range.from) / 2;
        made.chart.timeScale().setVisibleLogicalRange({ from: next - half, to: next + half });
      }
      made.chart.setCrosshairPosition(chosen[4], seconds(chosen[0]), made.candles);
      latest.current.onRow(next);
    };
    const watch = ({ chart }: Drawing): (() => void) => {
      const onMove = ({ logical, point }: MouseEventParams): void => {
        if (row.current !== null && !point) return;
        const known = logical !== undefined && logical >= 0 && logical < latest.current.bars.rows.length;
        latest.current.onRow(known && point ? logical : row.current);
      };
      chart.subscribeCrosshairMove(onMove);
      return () => chart.unsubscribeCrosshairMove(onMove);
    };
    return { watch, onKey, leave };
  }, [drawing]);
}
