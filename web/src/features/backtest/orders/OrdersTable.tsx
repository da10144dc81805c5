/** One page of orders, a row each. */
import type { Order } from "@/api/types";
import { exact, money } from "@/format/numbers";
import { barTime } from "@/format/times";
import { spoken } from "@/format/words";
import { PickRows } from "@/ui/PickRows";
import { Sorter } from "@/ui/Sorter";
import { TableScroll } from "@/ui/TableScroll";
import { onOrder, orderFocusId } from "../focus";
import type { Focus } from "../focus";
import { filledOf, orderWords, pricesOf } from "./orderWords";

interface OrdersTableProps {
  orders: readonly Order[];
  timeFrame: string;
  sort: string;
  onSort: (sort: string) => void;
  focus: Focus | null;
  onFocus: (focus: Focus) => void;
}

export function OrdersTable({ orders, timeFrame, sort, onSort, focus, onFocus }: OrdersTableProps) {
  const sorted = { sort, onSort };
  const chosen = focus?.kind === "moment" ? focus.id : null;
  return (
    <TableScroll label="Table of orders" tall>
      <table>
        <thead>
          <tr>
            <Sorter column="submittedAt" {...sorted}>
              Submitted
            </Sorter>
            <Sorter column="orderId" {...sorted} right>
              Number
            </Sorter>
            <th scope="col">Asset</th>
            <th scope="col">Side</th>
            <th scope="col">Type</th>
            <Sorter column="quantity" {...sorted} right>
              Quantity
            </Sorter>
            <th scope="col">Price asked</th>
            <th scope="col">In force</th>
            <th scope="col">Status</th>
            <th scope="col">Filled</th>
            <th scope="col" className="right">
              At
            </th>
            <th scope="col" className="right">
              Commission
            </th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <PickRows
          items={orders}
          keyOf={({ orderId }) => orderId}
          isChosen={(order) => chosen === orderFocusId(order)}
          nameOf={({ submittedAt }) => barTime(submittedAt, timeFrame)}
          onChoose={(order) => onFocus(onOrder(order, orderWords(order)))}
        >
          {(order) => <OrderCells order={order} timeFrame={timeFrame} />}
        </PickRows>
      </table>
    </TableScroll>
  );
}

function OrderCells({ order, timeFrame }: { order: Order; timeFrame: string }) {
  const filled = filledOf(order);
  const first = order.fills[0];
  return (
    <>
      <td className="right">{order.orderId}</td>
      <td>{order.assetName}</td>
      <td>{spoken(order.side)}</td>
      <td>{spoken(order.type)}</td>
      <td className="right">{exact(order.quantity)}</td>
      <td className="soft">{pricesOf(order)}</td>
      <td className="soft">{order.timeInForce}</td>
      <td className={order.status === "Rejected" ? "loss" : undefined}>{spoken(order.status)}</td>
      <td>{first ? barTime(first.time, timeFrame) : <span className="faint">–</span>}</td>
      <td className="right">{exact(filled?.price)}</td>
      <td className="right">{money(filled?.commission)}</td>
      <td className="soft">{order.reason === null ? <span className="faint">–</span> : spoken(order.reason)}</td>
    </>
  );
}
