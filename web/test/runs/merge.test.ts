import { expect, test } from "vitest";
import { merge, orderOf } from "@/features/runs/merge";
import type { StatusBody } from "@/api/types";
import { aStatus } from "../builders";

const at = (minute: number, part: Partial<StatusBody> = {}): StatusBody =>
  aStatus({ runKey: `run-${String(minute)}`, submittedAt: `2025-01-01T00:0${String(minute)}:00.000Z`, ...part });
const keys = (items: readonly StatusBody[]): string[] => items.map(({ runKey }) => runKey);

test("two whole lists become one, the newest first", () => {
  const merged = merge(
    [
      { items: [at(4), at(1)], hasMore: false },
      { items: [at(3), at(2)], hasMore: false },
    ],
    "-submittedAt",
  );
  expect(keys(merged.items)).toEqual(["run-4", "run-3", "run-2", "run-1"]);
  expect(merged.behind).toEqual([]);
});

test("nothing shows that comes after the end of a list that has more", () => {
  const merged = merge(
    [
      { items: [at(5), at(4)], hasMore: true },
      { items: [at(3), at(2)], hasMore: true },
    ],
    "-submittedAt",
  );
  expect(keys(merged.items)).toEqual(["run-5", "run-4"]);
  expect(merged.behind).toEqual([0]);
});

test("what has no such metric comes last, whichever way the list is sorted", () => {
  const [good, bad, none] = [
    at(1, { metrics: { netProfit: 5 } }),
    at(2, { metrics: { netProfit: -5 } }),
    at(3, { metrics: null }),
  ];
  const sorted = (sort: string): string[] => keys([none, bad, good].sort(orderOf(sort)));
  expect(sorted("-netProfit")).toEqual(["run-1", "run-2", "run-3"]);
  expect(sorted("netProfit")).toEqual(["run-2", "run-1", "run-3"]);
});

test("equals go by their keys, in the direction of the sort, as the server has them", () => {
  const [a, b] = [at(1, { strategyName: "S" }), at(2, { strategyName: "S" })];
  expect(keys([b, a].sort(orderOf("strategyName")))).toEqual(["run-1", "run-2"]);
  expect(keys([a, b].sort(orderOf("-strategyName")))).toEqual(["run-2", "run-1"]);
});
