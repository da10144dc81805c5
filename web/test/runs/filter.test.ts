import { expect, test } from "vitest";
import { countFurther, isNarrowed, queryOf, readFilter, widened } from "@/features/runs/filter";
import { canBePicked, comparePath, readPicked, toggled } from "@/features/runs/pick";
import { aStatus } from "../builders";

const read = (text: string) => readFilter(new URLSearchParams(text));

test("an address without a filter shows everything, newest first", () => {
  const filter = read("");
  expect(isNarrowed(filter)).toBe(false);
  expect(filter).toMatchObject({ kind: "all", sort: "-submittedAt" });
  expect(Object.values(queryOf(filter)).filter(Boolean)).toEqual([]);
});

test("what an address says wrongly narrows nothing", () => {
  expect(read("kind=novel&sort=drop&from=yesterday")).toEqual(read(""));
});

test("the days of submission are the reader's, from the first moment to the last", () => {
  const { from, to } = queryOf(read("from=2025-03-01&to=2025-03-02"));
  expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(2 * 86_400_000 - 1);
});

test("widening keeps the order and what is picked", () => {
  const search = new URLSearchParams("kind=backtest&asset=AAPL&q=x&sort=-netProfit&pick=a,b");
  expect(countFurther(readFilter(search))).toBe(1);
  expect(widened(search).toString()).toBe("sort=-netProfit&pick=a%2Cb");
});

test("a key is picked and put back, and six is as many as there may be", () => {
  expect(toggled(["a"], "b")).toEqual(["a", "b"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  expect(toggled([..."abcdef"], "g")).toEqual([..."abcdef"]);
  expect(readPicked(new URLSearchParams("pick=a,b"))).toEqual(["a", "b"]);
  expect(comparePath(["a", "b"])).toBe("/compare?runs=a,b");
});

test("only a backtest with a result can be picked", () => {
  expect(canBePicked(aStatus({ status: "Completed", resultAttempt: 1 }))).toBe(true);
  expect(canBePicked(aStatus({ status: "Failed", resultAttempt: null }))).toBe(false);
  expect(canBePicked(aStatus({ kind: "optimization", status: "Completed", resultAttempt: 1 }))).toBe(false);
});
