import { expect, test } from "vitest";
import type { Bars, Marker, RoundTrip } from "@/api/types";
import { markAt, markOf, roomFor } from "@/ui/chart/prices/mark";

const DAY = 86_400_000;
const bars: Bars = {
  rows: [
    [0, 10, 11, 9, 10, 1],
    [9 * DAY, 12, 13, 11, 12.5, 1],
  ],
  interval: DAY,
  markers: [],
  indicators: {},
};
const aTrade = (part: Partial<RoundTrip> = {}): RoundTrip => ({
  entryTime: "1970-01-03T00:00:00.000Z",
  exitTime: "1970-01-05T00:00:00.000Z",
  side: "long",
  quantity: 1,
  entryPrice: 10,
  exitPrice: 12,
  profit: 2,
  profitPct: 20,
  commission: 0,
  bars: 2,
  maxAdverse: 0,
  maxFavourable: 0,
  exitReason: "signal",
  assetName: "ACME",
  ...part,
});

test("a trade is marked from its entry to its exit", () => {
  expect(markOf(aTrade(), bars, "ACME")).toEqual({
    span: { fromMs: 2 * DAY, toMs: 4 * DAY },
    line: { entryPrice: 10, exitPrice: 12, gain: true },
  });
});
test("a trade that is open is marked to the last close", () => {
  const mark = markOf(aTrade({ exitTime: null, exitPrice: null, profit: -1 }), bars, "ACME");
  expect(mark).toEqual({
    span: { fromMs: 2 * DAY, toMs: 9 * DAY },
    line: { entryPrice: 10, exitPrice: 12.5, gain: false },
  });
});
test("a trade of another asset has no line among these prices", () => {
  expect(markOf(aTrade({ assetName: "OTHER" }), bars, "ACME").line).toBeNull();
  expect(markAt(DAY)).toEqual({ span: { fromMs: DAY, toMs: DAY }, line: null });
});
test("fills have their size beside them while there is room, and go when they would hide the prices", () => {
  const fills: Marker[] = [{ ts: 0, side: "buy", price: 1, quantity: 1, effect: "entry" }];
  expect(roomFor(fills, 10, 1200)).toEqual({ fills, sized: true });
  expect(roomFor(fills, 200, 1200)).toEqual({ fills, sized: false });
  expect(roomFor(fills, 301, 1200)).toEqual({ fills: [], sized: false });
});
