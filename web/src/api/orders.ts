/** Pages of a backtest's orders, with their fills. */
import { query, request } from "./http";
import type { Order, OrderStatus, Page } from "./types";

export interface OrderQuery {
  status: OrderStatus | null;
  sort: string;
  cursor: string | null;
  limit: number;
}

export const fetchOrders = (runKey: string, page: OrderQuery, signal?: AbortSignal): Promise<Page<Order>> =>
  request(`/api/backtests/${encodeURIComponent(runKey)}/orders${query({ ...page })}`, signal ? { signal } : {});
