import { expect, test } from "vitest";
import { openWords } from "@/features/backtest/TradesPanel";

test.each([
  [9, 10, "9 closed, 1 open"],
  [9, 9, ""],
  [0, 1, "0 closed, 1 open"],
])("%i closed of %i are told as %o", (closed, all, words) => expect(openWords(closed, all)).toBe(words));
