import { expect, test } from "vitest";
import { openWords } from "@/features/backtest/trades/TradesPanel";

test.each([
  [9, 10, "9 closed, 1 still open at the end."],
  [0, 1, "0 closed, 1 still open at the end."],
])("%i closed of %i are told as %o", (closed, all, words) => expect(openWords(closed, all)).toBe(words));
