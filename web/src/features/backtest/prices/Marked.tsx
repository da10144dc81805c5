/** What the price chart marks, in words. */
import type { RoundTrip } from "@/api/types";
import { exact, signedMoney, signedPercent } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { Button } from "@/ui/Button";
import { toneOf } from "@/ui/Facts";
import type { Focus } from "../focus";

interface MarkedProps {
  focus: Focus;
  timeFrame: string;
  /** The asset of the chart. */
  assetName: string;
  onClear: () => void;
}

export function Marked({ focus, timeFrame, assetName, onClear }: MarkedProps) {
  const other = focus.kind === "trade" ? focus.trade.assetName : focus.assetName;
  return (
    <p className="marked small num" role="status" data-testid="marked">
      {focus.kind === "trade" ? (
        <TradeWords trade={focus.trade} timeFrame={timeFrame} />
      ) : (
        <>
          <strong>{focus.text}</strong>
          <span>{barTime(focus.ms, timeFrame)}</span>
        </>
      )}
      {other !== null && other !== assetName && (
        <span className="faint">The prices are those of another asset, at the same time.</span>
      )}
      <Button small look="quiet" onClick={onClear}>
        Clear
      </Button>
    </p>
  );
}

function TradeWords({ trade, timeFrame }: { trade: RoundTrip; timeFrame: string }) {
  return (
    <>
      <strong>
        {spoken(trade.side)} {exact(trade.quantity)} {trade.assetName}
      </strong>
      <span>
        {barTime(trade.entryTime, timeFrame)} at {exact(trade.entryPrice)}
        {trade.exitTime
          ? ` to ${barTime(trade.exitTime, timeFrame)} at ${exact(trade.exitPrice)}`
          : ", open until the end"}
      </span>
      <span className={toneOf(trade.profit)}>
        {signedMoney(trade.profit)} ({signedPercent(trade.profitPct)})
      </span>
    </>
  );
}
