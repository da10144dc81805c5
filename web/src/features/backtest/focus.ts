/** What a reader has chosen in a table, to be seen on the price chart. */
import type { Order, RoundTrip } from "@/api/types";

export type Focus =
  | { readonly kind: "trade"; readonly trade: RoundTrip }
  /** An order or an event. */
  | {
      readonly kind: "moment";
      readonly ms: number;
      readonly assetName: string | null;
      readonly text: string;
      readonly id: string;
    };

export const onTrade = (trade: RoundTrip): Focus => ({ kind: "trade", trade });

export const orderFocusId = ({ orderId }: Order): string => `order ${String(orderId)}`;

/** Where it first filled; where it was submitted when it never did. */
export const onOrder = (order: Order, text: string): Focus => ({
  kind: "moment",
  ms: Date.parse(order.fills[0]?.time ?? order.submittedAt),
  assetName: order.assetName,
  text,
  id: orderFocusId(order),
});
