/** One page of round trips, a row each. */
import { useRef } from "react";
import type { KeyboardEvent } from "react";
import type { RoundTrip } from "@/api/types";
import { exact, money, signedMoney, signedPercent, whole } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { toneOf } from "@/ui/Facts";
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
  const body = useRef<HTMLTableSectionElement>(null);
  const sorted = { sort, onSort };
  /** From one trade to the next by the arrow keys. */
  const onKey = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const doors = [...(body.current?.querySelectorAll<HTMLElement>("button.to-chart") ?? [])];
    const next = doors[doors.indexOf(document.activeElement as HTMLElement) + step];
    if (step === 0 || !next || document.activeElement?.tagName !== "BUTTON") return;
    event.preventDefault();
    next.focus();
  };
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
        <tbody ref={body} onKeyDown={onKey}>
          {trades.map((trade, index) => (
            <TradeRow
              key={`${trade.entryTime}-${String(index)}`}
              {...{ trade, timeFrame }}
              isChosen={isSame(trade, chosen)}
              onChoose={() => onChoose(trade)}
            />
          ))}
        </tbody>
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

interface TradeRowProps {
  trade: RoundTrip;
  timeFrame: string;
  isChosen: boolean;
  onChoose: () => void;
}

function TradeRow({ trade, timeFrame, isChosen, onChoose }: TradeRowProps) {
  const entry = barTime(trade.entryTime, timeFrame);
  return (
    <tr className={isChosen ? "chosen pick" : "pick"} onClick={onChoose}>
      <td>
        {/* the click is the row's */}
        <button type="button" className="to-chart" aria-pressed={isChosen} aria-label={`Show on the chart: ${entry}`}>
          {entry}
        </button>
      </td>
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
    </tr>
  );
}
