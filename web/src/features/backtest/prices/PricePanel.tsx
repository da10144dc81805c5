/** The prices of a backtest with its fills and indicators, loaded by windows as one moves through them. */
import { lazy, Suspense, useId, useMemo, useState } from "react";
import type { Bars, StatusBody } from "@/api/types";
import { whole as numberOf } from "@/format/numbers";
import { frameMs } from "@/format/times";
import { IconButton } from "@/ui/Button";
import { ChartCredit } from "@/ui/chart/ChartCredit";
import type { Mark } from "@/ui/chart/prices/mark";
import { markAt, markOf, MOST_MARKERS } from "@/ui/chart/prices/mark";
import { linesOf } from "@/ui/chart/prices/panes";
import { PriceLegend } from "@/ui/chart/prices/PriceLegend";
import { summaryOf } from "@/ui/chart/prices/reading";
import { about, inView, moved, sizeOf, toLoad, withRoom, zoomed } from "@/ui/chart/prices/view";
import type { Span } from "@/ui/chart/prices/view";
import { Empty, Failure } from "@/ui/Notice";
import { Marked } from "./Marked";
import type { Focus } from "../focus";
import { useWholeBars, useWindowBars } from "./useBars";

const PricePlot = lazy(() => import("@/ui/chart/prices/PricePlot"));

/** As the server has it: of longer runs it keeps what a strategy plots only when it is asked for. */
const MOST_PLOTTED = 250_000;

interface PricePanelProps {
  run: StatusBody;
  /** What is marked, and moved to when it becomes another one. */
  focus: Focus | null;
  onClear: () => void;
}

export function PricePanel({ run, focus, onClear }: PricePanelProps) {
  const { bars, error, retry } = useWholeBars(run);
  return (
    <section className="panel" id="prices" aria-labelledby="prices-head">
      {bars && bars.rows.length > 1 ? (
        <Prices key={run.resultAttempt} {...{ run, focus, onClear }} all={bars} />
      ) : (
        <>
          <header>
            <h2 id="prices-head">Prices</h2>
          </header>
          <div className="body">
            {error ? <Failure error={error} onRetry={retry} /> : bars ? <NoBars /> : <div className="plot skeleton" />}
          </div>
        </>
      )}
    </section>
  );
}

const NoBars = () => (
  <Empty title="No bars">
    <p>The run has fewer than two bars of its main series.</p>
  </Empty>
);

function Prices({ run, focus, onClear, all }: PricePanelProps & { all: Bars }) {
  const whole = wholeOf(all);
  const field = withRoom(whole);
  const barMs = frameMs(run.timeFrame) || all.interval;
  const [goal, setGoal] = useState<Span>(() => field);
  const [view, setView] = useState<Span>(field);
  const [span, setSpan] = useState<Span | null>(null);
  const [lines] = useState(() => linesOf(all));
  const [row, setRow] = useState<number | null>(null);
  const part = useWindowBars(run, span);
  const told = useId();
  const bars = span === null ? all : (part.bars ?? all);
  const seen = inView(bars.markers, view);
  const crowded = seen.length > MOST_MARKERS;
  const fills = useMemo(() => (crowded ? [] : bars.markers), [bars, crowded]);
  const loaded = { span: span ?? whole, stepMs: bars.interval };

  const mark = useMemo(() => {
    if (focus === null) return null;
    return focus.kind === "trade" ? markOf(focus.trade, all, run.assetName) : markAt(focus.ms);
  }, [focus, all, run.assetName]);
  const [movedTo, setMovedTo] = useState<Mark | null>(null);

  const load = (wanted: Span, rows: number): void => {
    setView(wanted);
    const next = toLoad(wanted, rows, loaded, whole, barMs);
    if (next) setSpan(sizeOf(next) >= sizeOf(whole) ? null : next);
  };
  const go = (next: Span): void => {
    setGoal(next);
    load(next, sizeOf(next) / bars.interval);
  };
  if (mark !== movedTo) {
    setMovedTo(mark);
    if (mark) go(about(mark.span, field, barMs));
  }

  return (
    <>
      <header>
        <h2 id="prices-head">Prices</h2>
        <span className="faint small">
          {run.assetName} · {run.exchange} ·{" "}
          {bars.interval > barMs
            ? `up to ${numberOf(bars.interval / barMs)} bars of ${run.timeFrame} in a candle`
            : `bars of ${run.timeFrame}`}
        </span>
        <span className="row push" role="group" aria-label="Move the chart">
          <IconButton label="Earlier" icon="left" onClick={() => go(moved(view, -0.5, field))} />
          <IconButton label="Later" icon="chevron" onClick={() => go(moved(view, 0.5, field))} />
          <IconButton label="Zoom in" icon="plus" onClick={() => go(zoomed(view, 0.5, field, barMs))} />
          <IconButton label="Zoom out" icon="minus" onClick={() => go(zoomed(view, 2, field, barMs))} />
          <IconButton label="Show all" icon="wide" onClick={() => go(field)} />
        </span>
      </header>
      <figure className="chart body" data-from={view.fromMs} data-to={view.toMs}>
        <PriceLegend {...{ bars, lines, row, view }} timeFrame={run.timeFrame} />
        {focus && <Marked {...{ focus, onClear }} timeFrame={run.timeFrame} assetName={run.assetName} />}
        <Suspense fallback={<div className="plot price-plot skeleton" />}>
          <PricePlot
            {...{ bars, lines, fills, mark, goal, told }}
            timeFrame={run.timeFrame}
            label={`Prices of ${run.assetName} with the fills of ${run.strategyName}`}
            onView={load}
            onRow={setRow}
          />
        </Suspense>
        {part.error && <Failure error={part.error} onRetry={part.retry} />}
        <figcaption>
          <span className="key bought-key">Bought</span>
          <span className="key sold-key">Sold</span>
          {crowded && <span>Too many fills to draw here: zoom in to see them.</span>}
          {lines.length === 0 && run.total > MOST_PLOTTED && (
            <span>Runs of more than {numberOf(MOST_PLOTTED)} bars keep indicators with an event log only.</span>
          )}
          <span id={told} className="sr-only">
            {summaryOf(bars, run.assetName, run.timeFrame)} Arrow keys read the candles one by one.
          </span>
          <ChartCredit />
        </figcaption>
      </figure>
    </>
  );
}

const wholeOf = ({ rows, interval }: Bars): Span => {
  const [first, last] = [rows[0]?.[0] ?? 0, rows.at(-1)?.[0] ?? 0];
  return { fromMs: first, toMs: last + interval };
};
