/** An order in words. */
import type { Order } from "@/api/types";
import { exact } from "@/format/numbers";
import { spoken } from "@/format/words";

/** `stop 95, limit 94`; nothing for a market order. */
export function pricesOf({ limitPrice, stopPrice }: Order): string {
  const stop = stopPrice === null ? [] : [`stop ${exact(stopPrice)}`];
  const limit = limitPrice === null ? [] : [`limit ${exact(limitPrice)}`];
  return [...stop, ...limit].join(", ") || "–";
}

/** What was filled, and at which mean price; null where nothing was. */
export function filledOf({ fills }: Order): { quantity: number; price: number; commission: number } | null {
  let [quantity, notional, commission] = [0, 0, 0];
  for (const fill of fills) {
    quantity += fill.quantity;
    notional += fill.quantity * fill.price;
    commission += fill.commission;
  }
  return quantity > 0 ? { quantity, price: notional / quantity, commission } : null;
}

/** `Order 7: buy 3 ACME, rejected`. */
export const orderWords = ({ orderId, side, quantity, assetName, status }: Order): string =>
  `Order ${String(orderId)}: ${side} ${quantity === null ? "" : `${exact(quantity)} `}${assetName}, ${spoken(status).toLowerCase()}`;
