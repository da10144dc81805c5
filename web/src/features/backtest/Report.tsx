/** The report of a finished backtest: what it came to, then what it did. */
import { useState } from "react";
import type { BacktestResult, RoundTrip, StatusBody } from "@/api/types";
import { EquityPanel } from "./equity/EquityPanel";
import { HeadFigures, MetricTables } from "./MetricsPanels";
import { WhenNear } from "@/ui/WhenNear";
import { MonthsPanel } from "./months/MonthsPanel";
import { PricePanel } from "./prices/PricePanel";
import { TradesPanel } from "./trades/TradesPanel";

interface ReportProps {
  run: StatusBody;
  result: BacktestResult;
  quote: string | undefined;
}

export default function Report({ run, result, quote }: ReportProps) {
  const [trade, setTrade] = useState<RoundTrip | null>(null);
  const initialCash: unknown = (result.settings as Record<string, unknown>)["initialCash"];
  const cash = typeof initialCash === "number" ? initialCash : null;
  const choose = (chosen: RoundTrip): void => {
    setTrade({ ...chosen }); // the same one again moves the chart back to it
    document.getElementById("prices")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <HeadFigures metrics={result.metrics} quote={quote} />
      <EquityPanel run={run} cash={cash} returnPct={result.metrics.totalReturnPct} />
      <WhenNear id="prices" title="Prices">
        <PricePanel run={run} trade={trade} onClear={() => setTrade(null)} />
      </WhenNear>
      <WhenNear id="trades" title="Trades">
        <TradesPanel {...{ run, quote }} closed={result.metrics.totalTrades} chosen={trade} onChoose={choose} />
      </WhenNear>
      {cash !== null && (
        <WhenNear id="months" title="Returns by month">
          <MonthsPanel run={run} cash={cash} />
        </WhenNear>
      )}
      <MetricTables metrics={result.metrics} />
    </>
  );
}
