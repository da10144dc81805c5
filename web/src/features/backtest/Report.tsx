/** The report of a finished backtest: what it came to, then what it did. */
import { useState } from "react";
import type { BacktestResult, StatusBody } from "@/api/types";
import { EquityPanel } from "./equity/EquityPanel";
import { HeadFigures, MetricTables } from "./MetricsPanels";
import { WhenNear } from "@/ui/WhenNear";
import { EventsPanel } from "./events/EventsPanel";
import { NoLog } from "./events/NoLog";
import { onTrade } from "./focus";
import type { Focus } from "./focus";
import { MonthsPanel } from "./months/MonthsPanel";
import { OrdersPanel } from "./orders/OrdersPanel";
import { PricePanel } from "./prices/PricePanel";
import { ReportNav } from "./ReportNav";
import { TradesPanel } from "./trades/TradesPanel";

interface ReportProps {
  run: StatusBody;
  result: BacktestResult;
  quote: string | undefined;
  /** Starts the run again with an event log. */
  log: { busy: boolean; onRun: () => void };
}

export default function Report({ run, result, quote, log }: ReportProps) {
  const [focus, setFocus] = useState<Focus | null>(null);
  const initialCash: unknown = (result.settings as Record<string, unknown>)["initialCash"];
  const cash = typeof initialCash === "number" ? initialCash : null;
  const show = (chosen: Focus): void => {
    setFocus({ ...chosen }); // the same one again moves the chart back to it
    document.getElementById("prices")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <HeadFigures metrics={result.metrics} quote={quote} />
      <ReportNav />
      <EquityPanel run={run} cash={cash} returnPct={result.metrics.totalReturnPct} />
      <WhenNear id="prices" title="Prices">
        <PricePanel run={run} data={result.data} focus={focus} onClear={() => setFocus(null)} />
      </WhenNear>
      <WhenNear id="trades" title="Trades">
        <TradesPanel
          {...{ run, quote }}
          closed={result.metrics.totalTrades}
          chosen={focus?.kind === "trade" ? focus.trade : null}
          onChoose={(trade) => show(onTrade(trade))}
        />
      </WhenNear>
      {cash !== null && (
        <WhenNear id="months" title="Returns by month">
          <MonthsPanel run={run} cash={cash} />
        </WhenNear>
      )}
      <MetricTables metrics={result.metrics} />
      <WhenNear id="orders" title="Orders">
        <OrdersPanel run={run} rejected={result.rejectedOrders} focus={focus} onFocus={show} />
      </WhenNear>
      {result.hasEventLog ? (
        <WhenNear id="events" title="Event log">
          <EventsPanel run={run} focus={focus} onFocus={show} />
        </WhenNear>
      ) : (
        <NoLog bars={result.totalBars} {...log} />
      )}
    </>
  );
}
