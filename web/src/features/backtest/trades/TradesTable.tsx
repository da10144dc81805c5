/** One page of round trips, a row each. */
import type { RoundTrip } from "@/api/types";
import { exact, money, signedMoney, signedPercent, whole } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { toneOf } from "@/ui/Facts";
import { PickRows } from "@/ui/PickRows";
import { Sorter } from "@/ui/Sorter";
import { TableScroll } from "@/ui/TableScroll";

interface TradesTableProps {
  trades: readonly RoundTrip[];
  timeFrame: string;
  sort: string;
  onSort: (sort: string) => void;
  chosen: RoundTrip | null;
  onChoose: (trade: RoundTrip) => void;
}

export function TradesTable({ trades, timeFrame, sort, onSort, chosen, onChoose }: TradesTableProps) {
  const sorted = { sort, onSort };
  return (
    <TableScroll label="Table of trades" tall>
      <table>
        <thead>
          <tr>
            <Sorter column="entryTime" {...sorted}>
              Entry
            </Sorter>
            <Sorter column="exitTime" {...sorted}>
              Exit
            </Sorter>
            <th scope="col">Side</th>
            <Sorter column="quantity" {...sorted} right>
              Quantity
            </Sorter>
            <th scope="col" className="right">
              Entry price
            </th>
            <th scope="col" className="right">
              Exit price
            </th>
            <Sorter column="profit" {...sorted} right>
              Profit
            </Sorter>
            <Sorter column="profitPct" {...sorted} right>
              Return
            </Sorter>
            <Sorter column="commission" {...sorted} right>
              Commission
            </Sorter>
            <Sorter column="bars" {...sorted} right>
              Bars
            </Sorter>
            <th scope="col">Exit by</th>
          </tr>
        </thead>
        <PickRows
          items={trades}
          keyOf={({ entryTime }, index) => `${entryTime}-${String(index)}`}
          isChosen={(trade) => isSame(trade, chosen)}
          nameOf={({ entryTime }) => barTime(entryTime, timeFrame)}
          onChoose={onChoose}
        >
          {(trade) => <TradeCells trade={trade} timeFrame={timeFrame} />}
        </PickRows>
      </table>
    </TableScroll>
  );
}

/** Of two answers of the server the same trade. */
const isSame = (one: RoundTrip, other: RoundTrip | null): boolean =>
  other !== null &&
  one.entryTime === other.entryTime &&
  one.exitTime === other.exitTime &&
  one.assetName === other.assetName &&
  one.profit === other.profit;

function TradeCells({ trade, timeFrame }: { trade: RoundTrip; timeFrame: string }) {
  return (
    <>
      <td>{trade.exitTime ? barTime(trade.exitTime, timeFrame) : <span className="faint">open</span>}</td>
      <td>{spoken(trade.side)}</td>
      <td className="right">{exact(trade.quantity)}</td>
      <td className="right">{exact(trade.entryPrice)}</td>
      <td className="right">{exact(trade.exitPrice)}</td>
      <td className={`right ${toneOf(trade.profit) ?? ""}`}>{signedMoney(trade.profit)}</td>
      <td className={`right ${toneOf(trade.profitPct) ?? ""}`}>{signedPercent(trade.profitPct)}</td>
      <td className="right">{money(trade.commission)}</td>
      <td className="right">{whole(trade.bars)}</td>
      <td className="soft">{spoken(trade.exitReason)}</td>
    </>
  );
}
