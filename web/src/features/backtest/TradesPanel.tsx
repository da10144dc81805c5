/** The round trips of a backtest, page by page. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchTrades } from "@/api/trades";
import type { RoundTrip, StatusBody } from "@/api/types";
import { exact, money, signedMoney, signedPercent, whole } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { toneOf } from "@/ui/Facts";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { cursorOf, firstPage, Pager } from "@/ui/Pager";

const SIZE = 25;

export function TradesPanel({ run, quote }: { run: StatusBody; quote: string | undefined }) {
  const [cursors, setCursors] = useState(firstPage);
  const cursor = cursorOf(cursors);
  const { data, error, refetch } = useQuery({
    queryKey: ["trades", "backtest", run.runKey, run.resultAttempt, cursor],
    queryFn: ({ signal }) => fetchTrades(run.runKey, { cursor, limit: SIZE }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  return (
    <section className="panel" aria-labelledby="trades-head">
      <header>
        <h2 id="trades-head">Trades</h2>
        <span className="faint small">
          times in UTC, amounts in {quote ?? "quote currency"}, profit after commission
        </span>
      </header>
      {error && !data ? (
        <div className="body">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      ) : !data ? (
        <div className="body">
          <Skeleton tall />
        </div>
      ) : data.items.length === 0 ? (
        <Empty title="No trades">
          <p>The strategy never opened a position in this period.</p>
        </Empty>
      ) : (
        <>
          <TradesTable trades={data.items} timeFrame={run.timeFrame} />
          <Pager
            cursors={cursors}
            onCursors={setCursors}
            next={data.nextCursor}
            size={SIZE}
            shown={data.items.length}
            total={data.totalCount}
            noun="trades"
          />
        </>
      )}
    </section>
  );
}

function TradesTable({ trades, timeFrame }: { trades: readonly RoundTrip[]; timeFrame: string }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table of trades">
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
    </div>
  );
}
