import { expect, test } from "vitest";
import { pageOf } from "@/api/events";
import type { LoggedEvent } from "@/api/types";
import { AT_FIRST, eventDetails, eventName, typesOf } from "@/features/backtest/events/eventWords";

const event = (sq: number, ts: number, d: Record<string, unknown> = {}): LoggedEvent => ({
  ts,
  sq,
  _t: "ord.fill",
  src: "engine",
  d,
});
/** Ten events, of which many have one instant. */
const log = [1, 1, 2, 2, 2, 2, 2, 3, 3, 4].map((ts, index) => event(index + 1, ts));

/** As the server answers: from an instant on, at most so many. */
const ask = (fromMs: number, limit: number) => log.filter(({ ts }) => ts >= fromMs).slice(0, limit);

test("pages that begin at instants show every event once", () => {
  const seen: number[] = [];
  let place: { fromMs: number; skip: number } | null = null;
  for (;;) {
    const skip: number = place?.skip ?? 0;
    const page = pageOf(ask(place?.fromMs ?? 0, skip + 3).slice(skip), place, 2);
    seen.push(...page.events.map(({ sq }) => sq));
    if (page.next === null) break;
    place = page.next;
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("an event is told in words", () => {
  const filled = event(1, 0, { assetName: "AAPL", orderId: 3, side: "buy", price: 35.99 });
  expect(eventName(filled)).toBe("Order filled");
  expect(eventDetails(filled)).toBe("Order id 3 · side buy · price 35.99");
  expect(eventDetails(event(1, 0, { indicatorName: "macd", values: { line: 1.5, value: 2 } }))).toBe(
    "Indicator name macd · values line 1.5, 2",
  );
  expect(eventDetails(event(1, 0))).toBe("");
});
test("what comes with every bar is left out at first", () => {
  expect(typesOf(AT_FIRST)).not.toContain("bar");
  expect(typesOf(AT_FIRST)).toContain("ord.reject");
});
