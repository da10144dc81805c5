import { expect, test } from "vitest";
import type { BarRow } from "@/api/types";
import { linesOf } from "@/ui/chart/prices/panes";
import { lineName, readingOf, summaryOf } from "@/ui/chart/prices/reading";

const rows: readonly BarRow[] = [100, 101, 102, 103].map((close, index) => [
  Date.UTC(2024, 0, 1 + index),
  close - 1,
  close + 2,
  close - 2,
  close,
  1500,
]);

test("averages lie over the prices, an index has a pane, and the lines of one indicator stay together", () => {
  const indicators = {
    fast: [null, 100, 101, 102],
    rsi: [null, 30, 45, 60],
    "macd.line": [1, 2, 3, 4],
    "macd.signal": [1, 1, 2, 3],
    "bollinger.upper": [110, 111, 112, 113],
  };
  expect(linesOf({ rows, indicators })).toEqual([
    { name: "fast", pane: 0, colour: 0 },
    { name: "rsi", pane: 1, colour: 1 },
    { name: "macd.line", pane: 2, colour: 2 },
    { name: "macd.signal", pane: 2, colour: 3 },
    { name: "bollinger.upper", pane: 0, colour: 4 },
  ]);
});
test("an indicator that never had a value does not hide among the prices", () => {
  expect(linesOf({ rows, indicators: { slow: [null, null, null, null] } })).toEqual([
    { name: "slow", pane: 1, colour: 0 },
  ]);
});
test("no more than four panes open below the prices", () => {
  const indicators = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((name) => [name, [1, 1, 1, 1]]));
  expect(linesOf({ rows, indicators }).map(({ pane }) => pane)).toEqual([1, 2, 3, 4, 4, 4]);
});

test("a candle is read with its indicators", () => {
  const bars = { rows, markers: [], interval: 86_400_000, indicators: { "macd.line": [null, 0.123456789, 1, 1] } };
  expect(readingOf(bars, 1, "1d")).toEqual({
    time: "Jan 2, 2024",
    values: [
      ["Open", "100"],
      ["High", "103"],
      ["Low", "99"],
      ["Close", "101"],
      ["Volume", "1.5K"],
      ["Macd line", "0.1234568"],
    ],
    rising: true,
  });
  expect(readingOf(bars, 0, "1d")?.values.at(-1)).toEqual(["Macd line", "–"]);
  expect(readingOf(bars, 9, "1d")).toBeNull();
});
test("a chart is told in words to those who do not see it", () => {
  const markers = [{ ts: rows[0]?.[0] ?? 0, side: "buy", price: 100, quantity: 1, effect: "entry" }] as const;
  const text = summaryOf({ rows, markers, interval: 86_400_000, indicators: {} }, "AAPL", "1d");
  expect(text).toBe(
    "AAPL, 4 candles of 1d, Jan 1, 2024 to Jan 4, 2024. Prices from 98 to 105; it opens at 99 and closes at 103. " +
      "Marks: 1 bought, 0 sold.",
  );
});
test("names are spoken", () => expect(lineName("bollinger.upperBand")).toBe("Bollinger upper band"));
