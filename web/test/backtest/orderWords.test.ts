import { expect, test } from "vitest";
import type { Order } from "@/api/types";
import { onOrder } from "@/features/backtest/focus";
import { filledOf, orderWords, pricesOf } from "@/features/backtest/orders/orderWords";

const anOrder = (part: Partial<Order> = {}): Order => ({
  orderId: 7,
  submittedAt: "2024-01-01T00:00:00.000Z",
  assetName: "ACME",
  side: "buy",
  type: "market",
  quantity: 3,
  limitPrice: null,
  stopPrice: null,
  timeInForce: "GTC",
  group: null,
  status: "Filled",
  reason: null,
  fills: [],
  ...part,
});
const fills = [
  { time: "2024-01-02T00:00:00.000Z", price: 100, quantity: 1, commission: 0.1 },
  { time: "2024-01-03T00:00:00.000Z", price: 103, quantity: 2, commission: 0.2 },
];

test("an order is told with its prices", () => {
  expect(orderWords(anOrder({ status: "Rejected" }))).toBe("Order 7: buy 3 ACME, rejected");
  expect(orderWords(anOrder({ quantity: null }))).toBe("Order 7: buy ACME, filled");
  expect(pricesOf(anOrder())).toBe("–");
  expect(pricesOf(anOrder({ stopPrice: 95, limitPrice: 94.5 }))).toBe("stop 95, limit 94.5");
});
test("several fills have one mean price", () => {
  expect(filledOf(anOrder({ fills }))).toEqual({ quantity: 3, price: 102, commission: expect.closeTo(0.3) as number });
  expect(filledOf(anOrder())).toBeNull();
});
test("an order is shown where it filled first, or was submitted", () => {
  expect(onOrder(anOrder({ fills }), "")).toMatchObject({ ms: Date.UTC(2024, 0, 2) });
  expect(onOrder(anOrder(), "")).toMatchObject({ ms: Date.UTC(2024, 0, 1) });
});
