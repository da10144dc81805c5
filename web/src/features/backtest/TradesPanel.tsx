/** The round trips of a backtest, page by page. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchTrades } from "@/api/trades";
import type { RoundTrip, StatusBody } from "@/api/types";
import { exact, money, signedMoney, signedPercent, whole } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { toneOf } from "@/ui/Facts";
import { Empty } from "@/ui/Notice";
import { PagedPanel } from "@/ui/PagedPanel";
import { cursorOf, firstPage } from "@/ui/Pager";
import { TableScroll } from "@/ui/TableScroll";

const SIZE = 25;

interface TradesPanelProps {
  run: StatusBody;
  /** The round trips that have ended; the list holds open ones too. */
  closed: number | null;
  quote: string | undefined;
}

export function TradesPanel({ run, closed, quote }: TradesPanelProps) {
  const [cursors, setCursors] = useState(firstPage);
  const cursor = cursorOf(cursors);
  const { data, error, refetch } = useQuery({
    queryKey: ["trades", "backtest", run.runKey, run.resultAttempt, cursor],
    queryFn: ({ signal }) => fetchTrades(run.runKey, { cursor, limit: SIZE }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  return (
    <PagedPanel
      id="trades"
      title="Trades"
      head={
        <>
          <span className="soft small num">{data && closed !== null && openWords(closed, data.totalCount)}</span>
          <span className="faint small">
            times in UTC, amounts in {quote ?? "quote currency"}, profit after commission
          </span>
        </>
      }
      page={data}
      error={error}
      onRetry={() => void refetch()}
      cursors={cursors}
      onCursors={setCursors}
      size={SIZE}
      noun="trades"
      empty={
        <Empty title="No trades">
          <p>The strategy never opened a position in this period.</p>
        </Empty>
      }
    >
      {(trades) => <TradesTable trades={trades} timeFrame={run.timeFrame} />}
    </PagedPanel>
  );
}

/** `9 closed, 1 open`; nothing where all are closed. */
export const openWords = (closed: number, all: number): string =>
  all > closed ? `${whole(closed)} closed, ${whole(all - closed)} open` : "";

function TradesTable({ trades, timeFrame }: { trades: readonly RoundTrip[]; timeFrame: string }) {
  return (
    <TableScroll label="Table of trades">
      <table>
        <thead>
          <tr>
            <th scope="col">Entry</th>
            <th scope="col">Exit</th>
            <th scope="col">Side</th>
            <th scope="col" className="right">
              Quantity
            </th>
            <th scope="col" className="right">
              Entry price
            </th>
            <th scope="col" className="right">
              Exit price
            </th>
            <th scope="col" className="right">
              Profit
            </th>
            <th scope="col" className="right">
              Return
            </th>
            <th scope="col" className="right">
              Commission
            </th>
            <th scope="col" className="right">
              Bars
            </th>
            <th scope="col">Exit by</th>
          </tr>
        </thead>
        <tbody>
          {trades.map((trade, index) => (
            <tr key={`${trade.entryTime}-${String(index)}`}>
              <td>{barTime(trade.entryTime, timeFrame)}</td>
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
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
