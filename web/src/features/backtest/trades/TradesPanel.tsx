/** The round trips of a backtest, page by page; one that is chosen is shown on the price chart. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchTrades } from "@/api/trades";
import type { RoundTrip, StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { Empty } from "@/ui/Notice";
import { PagedPanel } from "@/ui/PagedPanel";
import { cursorOf, firstPage } from "@/ui/Pager";
import { TradesTable } from "./TradesTable";

const SIZE = 25;

interface TradesPanelProps {
  run: StatusBody;
  /** The round trips that have ended; the list holds open ones too. */
  closed: number | null;
  quote: string | undefined;
  chosen: RoundTrip | null;
  onChoose: (trade: RoundTrip) => void;
}

export function TradesPanel({ run, closed, quote, chosen, onChoose }: TradesPanelProps) {
  const [sort, setSort] = useState("entryTime");
  const [cursors, setCursors] = useState(firstPage);
  const cursor = cursorOf(cursors);
  const { data, error, refetch } = useQuery({
    queryKey: ["trades", "backtest", run.runKey, run.resultAttempt, sort, cursor],
    queryFn: ({ signal }) => fetchTrades(run.runKey, { sort, cursor, limit: SIZE }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const onSort = (next: string): void => {
    setSort(next);
    setCursors(firstPage);
  };
  return (
    <PagedPanel
      id="trades"
      title="Trades"
      head={
        <>
          {data && closed !== null && data.totalCount > closed && (
            <span className="soft small num">{openWords(closed, data.totalCount)}</span>
          )}
          <span className="faint small">
            Times in UTC, amounts in {quote ?? "quote currency"}, profit after commission. Choose one to see it on the
            chart.
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
      {(trades) => <TradesTable {...{ trades, sort, onSort, chosen, onChoose }} timeFrame={run.timeFrame} />}
    </PagedPanel>
  );
}

/** `9 closed, 1 still open at the end`, where some are open. */
export const openWords = (closed: number, all: number): string =>
  `${whole(closed)} closed, ${whole(all - closed)} still open at the end.`;
