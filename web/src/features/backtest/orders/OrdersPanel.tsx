/** The orders of a backtest and what became of them, page by page; why those that were rejected were. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchOrders } from "@/api/orders";
import type { OrderStatus, StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { Empty } from "@/ui/Notice";
import { PagedPanel } from "@/ui/PagedPanel";
import { cursorOf, firstPage } from "@/ui/Pager";
import { Segments } from "@/ui/Segments";
import type { Focus } from "../focus";
import { OrdersTable } from "./OrdersTable";

const SIZE = 25;

type Filter = OrderStatus | "all";

const FILTERS: readonly (readonly [Filter, string])[] = [
  ["all", "All"],
  ["Filled", "Filled"],
  ["Rejected", "Rejected"],
  ["Cancelled", "Cancelled"],
  ["Expired", "Expired"],
  ["Pending", "Open at the end"],
];

interface OrdersPanelProps {
  run: StatusBody;
  rejected: number;
  focus: Focus | null;
  onFocus: (focus: Focus) => void;
}

export function OrdersPanel({ run, rejected, focus, onFocus }: OrdersPanelProps) {
  const [filter, setFilter] = useState<Filter>("all");
  const [sort, setSort] = useState("submittedAt");
  const [cursors, setCursors] = useState(firstPage);
  const cursor = cursorOf(cursors);
  const status = filter === "all" ? null : filter;
  const { data, error, refetch } = useQuery({
    queryKey: ["orders", "backtest", run.runKey, run.resultAttempt, status, sort, cursor],
    queryFn: ({ signal }) => fetchOrders(run.runKey, { status, sort, cursor, limit: SIZE }, signal),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const onSort = (next: string): void => {
    setSort(next);
    setCursors(firstPage);
  };
  const onFilter = (next: Filter): void => {
    setFilter(next);
    setCursors(firstPage);
  };
  return (
    <PagedPanel
      id="orders"
      title="Orders"
      head={
        <>
          <Segments label="Status of orders" value={filter} options={FILTERS} onValue={onFilter} />
          <span className={rejected > 0 ? "loss small num" : "faint small"}>
            {rejected > 0 ? `${whole(rejected)} rejected` : "None was rejected."}
          </span>
        </>
      }
      page={data}
      error={error}
      onRetry={() => void refetch()}
      cursors={cursors}
      onCursors={setCursors}
      size={SIZE}
      noun="orders"
      empty={
        <Empty title={filter === "all" ? "No orders" : "No such orders"}>
          <p>
            {filter === "all" ? "The strategy never ordered anything." : "No order of this run ended with this status."}
          </p>
        </Empty>
      }
    >
      {(orders) => <OrdersTable {...{ orders, sort, onSort, focus, onFocus }} timeFrame={run.timeFrame} />}
    </PagedPanel>
  );
}
