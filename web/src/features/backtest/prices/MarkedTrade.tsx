/** The trade that the price chart marks, in words. */
import type { RoundTrip } from "@/api/types";
import { exact, signedMoney, signedPercent } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { Button } from "@/ui/Button";
import { toneOf } from "@/ui/Facts";

interface MarkedTradeProps {
  trade: RoundTrip;
  timeFrame: string;
  /** Whether the chart is of another asset. */
  elsewhere: boolean;
  onClear: () => void;
}

export function MarkedTrade({ trade, timeFrame, elsewhere, onClear }: MarkedTradeProps) {
  return (
    <p className="marked-trade small num" role="status" data-testid="marked-trade">
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
      {elsewhere && <span className="faint">The prices are those of another asset, at the same time.</span>}
      <Button small look="quiet" onClick={onClear}>
        Clear
      </Button>
    </p>
  );
}
