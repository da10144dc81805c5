/** The report of a finished backtest: what it came to, then what it did. */
import { useState } from "react";
import type { BacktestResult, RoundTrip, StatusBody } from "@/api/types";
import { EquityPanel } from "./equity/EquityPanel";
import { HeadFigures, MetricTables } from "./MetricsPanels";
import { PricePanel } from "./prices/PricePanel";
import { TradesPanel } from "./trades/TradesPanel";

interface ReportProps {
  run: StatusBody;
  result: BacktestResult;
  quote: string | undefined;
}

export default function Report({ run, result, quote }: ReportProps) {
  const [trade, setTrade] = useState<RoundTrip | null>(null);
  const cash: unknown = (result.settings as Record<string, unknown>)["initialCash"];
  const choose = (chosen: RoundTrip): void => {
    setTrade({ ...chosen }); // the same one again moves the chart back to it
    document.getElementById("prices")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <>
      <HeadFigures metrics={result.metrics} quote={quote} />
      <EquityPanel run={run} cash={typeof cash === "number" ? cash : null} returnPct={result.metrics.totalReturnPct} />
      <PricePanel run={run} trade={trade} onClear={() => setTrade(null)} />
      <TradesPanel {...{ run, quote }} closed={result.metrics.totalTrades} chosen={trade} onChoose={choose} />
      <MetricTables metrics={result.metrics} />
    </>
  );
}
