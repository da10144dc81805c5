/** The price chart of one series, loaded by windows as one moves through it. */
import { lazy, Suspense, useId, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { Bars, SeriesName, StatusBody } from "@/api/types";
import { whole as numberOf } from "@/format/numbers";
import { frameMs } from "@/format/times";
import { IconButton } from "@/ui/Button";
import { ChartCredit } from "@/ui/chart/ChartCredit";
import { markAt, markOf, roomFor } from "@/ui/chart/prices/mark";
import type { Mark } from "@/ui/chart/prices/mark";
import { linesOf } from "@/ui/chart/prices/panes";
import { PriceLegend } from "@/ui/chart/prices/PriceLegend";
import { summaryOf } from "@/ui/chart/prices/reading";
import { about, inView, moved, zoomed } from "@/ui/chart/prices/view";
import { Failure } from "@/ui/Notice";
import { RunPicture } from "@/ui/run/RunPicture";
import type { Focus } from "../focus";
import { Marked } from "./Marked";
import { useView } from "./useView";
import type { View } from "./useView";

const PricePlot = lazy(() => import("@/ui/chart/prices/PricePlot"));

/** As the server has it: of longer runs it keeps what a strategy plots only when it is asked for. */
const MOST_PLOTTED = 250_000;

interface PricesProps {
  run: StatusBody;
  series: SeriesName;
  /** Of the series among those of the run. */
  number: number;
  choice: ReactNode;
  focus: Focus | null;
  onClear: () => void;
  /** The whole series in some rows. */
  all: Bars;
}

export function Prices({ run, series, number, choice, focus, onClear, all }: PricesProps) {
  const { assetName, exchange, timeFrame } = series;
  const barMs = frameMs(timeFrame) || all.interval;
  const shown = useView(run, number, all, barMs);
  const { bars, field, view, goal, onView, go, part } = shown;
  const [lines] = useState(() => linesOf(all));
  const [read, setRead] = useState<{ bars: Bars; row: number | null }>({ bars, row: null });
  const row = read.bars === bars ? read.row : null;
  const seen = inView(bars.markers, view).length;
  const { sized, fills: drawn } = roomFor(bars.markers, seen, innerWidth);
  const crowded = drawn.length < bars.markers.length;
  const fills = useMemo(() => ({ fills: crowded ? [] : bars.markers, sized }), [bars, crowded, sized]);
  const told = useId();
  const chart = useRef<HTMLElement>(null);

  const mark = useMemo(() => {
    if (focus === null) return null;
    return focus.kind === "trade" ? markOf(focus.trade, all, assetName) : markAt(focus.ms);
  }, [focus, all, assetName]);
  const [movedTo, setMovedTo] = useState<Mark | null>(null);
  if (mark !== movedTo) {
    setMovedTo(mark);
    if (mark) go(about(mark.span, field, barMs));
  }

  return (
    <>
      <header>
        <h2 id="prices-head">Prices</h2>
        {choice || (
          <span className="faint small">
            {assetName} · {exchange}
          </span>
        )}
        <span className="faint small">
          {bars.interval > barMs
            ? `up to ${numberOf(bars.interval / barMs)} bars of ${timeFrame} in a candle`
            : `bars of ${timeFrame}`}
        </span>
        <span className="push">
          <RunPicture run={run} of={chart} chart="Prices" />
        </span>
        <Moves {...shown} barMs={barMs} />
      </header>
      <figure className="chart body" ref={chart} data-from={view.fromMs} data-to={view.toMs}>
        <PriceLegend {...{ bars, lines, row, view, timeFrame }} />
        {focus && <Marked {...{ focus, onClear, timeFrame, assetName }} />}
        <Suspense fallback={<div className="plot price-plot skeleton" />}>
          <PricePlot
            {...{ bars, lines, fills, mark, goal, told, timeFrame, onView }}
            label={`Prices of ${assetName} with the fills of ${run.strategyName}`}
            onRow={(at) => setRead({ bars, row: at })}
          />
        </Suspense>
        {part.error && <Failure error={part.error} onRetry={part.retry} />}
        <figcaption>
          <span className="key bought-key">Bought</span>
          <span className="key sold-key">Sold</span>
          <span>Arrows enter a position, squares leave it.</span>
          {crowded && <span>There are too many fills to draw them here: zoom in to see them.</span>}
          {lines.length === 0 && number === 0 && run.total > MOST_PLOTTED && (
            <span>Runs of more than {numberOf(MOST_PLOTTED)} bars keep indicators with an event log only.</span>
          )}
          <span id={told} className="sr-only">
            {summaryOf(bars, assetName, timeFrame)} Arrow keys read the candles one by one.
          </span>
          <ChartCredit />
        </figcaption>
      </figure>
    </>
  );
}

function Moves({ view, field, go, barMs }: Pick<View, "view" | "field" | "go"> & { barMs: number }) {
  return (
    <span className="row" role="group" aria-label="Move the chart">
      <IconButton label="Earlier" icon="left" onClick={() => go(moved(view, -0.5, field))} />
      <IconButton label="Later" icon="chevron" onClick={() => go(moved(view, 0.5, field))} />
      <IconButton label="Zoom in" icon="plus" onClick={() => go(zoomed(view, 0.5, field, barMs))} />
      <IconButton label="Zoom out" icon="minus" onClick={() => go(zoomed(view, 2, field, barMs))} />
      <IconButton label="Show all" icon="wide" onClick={() => go(field)} />
    </span>
  );
}
