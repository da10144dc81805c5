/** Which part of a series the price chart shows, and the bars that are loaded for it. */
import { useState } from "react";
import type { Bars, StatusBody } from "@/api/types";
import { sizeOf, toLoad, withRoom } from "@/ui/chart/prices/view";
import type { Span } from "@/ui/chart/prices/view";
import { useWindowBars } from "./useBars";
import type { LoadedBars } from "./useBars";

export interface View {
  bars: Bars;
  /** All that can be shown, with some room. */
  field: Span;
  view: Span;
  /** Where the chart is told to go; a new object moves it. */
  goal: Span;
  /** The chart was moved by its reader. */
  onView: (view: Span, rows: number) => void;
  go: (goal: Span) => void;
  part: LoadedBars;
}

/** `all`: the whole series in some rows; `barMs`: one of its bars. */
export function useView(run: StatusBody, series: number, all: Bars, barMs: number): View {
  const whole = wholeOf(all);
  const field = withRoom(whole);
  const [goal, setGoal] = useState<Span>(field);
  const [view, setView] = useState<Span>(field);
  const [span, setSpan] = useState<Span | null>(null);
  const part = useWindowBars(run, series, span);
  const bars = span === null ? all : (part.bars ?? all);
  const onView = (seen: Span, rows: number): void => {
    setView(seen);
    const next = toLoad(seen, rows, { span: span ?? whole, stepMs: bars.interval }, whole, barMs);
    if (next) setSpan(sizeOf(next) >= sizeOf(whole) ? null : next);
  };
  const go = (next: Span): void => {
    setGoal(next);
    onView(next, sizeOf(next) / bars.interval);
  };
  return { bars, field, view, goal, onView, go, part };
}

function wholeOf({ rows, interval }: Bars): Span {
  const [first, last] = [rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0];
  return { fromMs: first, toMs: last + interval };
}
