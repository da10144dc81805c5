import { expect, test } from "vitest";
import { bestOf, caveats, settingRows } from "@/features/compare/judge";
import { letterOf, pickPath, readKeys } from "@/features/compare/keys";
import { aResult } from "./results";

test("the best is the highest, the lowest where less is better, and nobody where all are alike", () => {
  expect([...bestOf("netProfit", [1, 3, 3])]).toEqual([1, 2]);
  expect([...bestOf("maxDrawdownPct", [-10, -5, null])]).toEqual([1]);
  expect([...bestOf("annualVolatilityPct", [10, 5])]).toEqual([1]);
  expect([...bestOf("sharpeRatio", [1, 1])]).toEqual([]);
  expect([...bestOf("totalTrades", [1, 2])]).toEqual([]);
});

test("what differs comes first, what one run alone has included", () => {
  const rows = settingRows([
    aResult({ parameters: { fastPeriod: 5, slowPeriod: 50 } }),
    aResult({ parameters: { fastPeriod: 10, slowPeriod: 50, filter: true } }),
  ]);
  expect(rows.filter(({ differs }) => differs)).toEqual([
    { name: "Fast period", values: ["5", "10"], differs: true },
    { name: "Filter", values: ["–", "true"], differs: true },
  ]);
  expect(rows.find(({ name }) => name === "Slow period")?.values).toEqual(["50", "50"]);
  expect(rows.find(({ name }) => name === "Initial cash")?.values).toEqual(["10,000.00", "10,000.00"]);
});

test("runs that are hard to compare say why", () => {
  const other = aResult({ settings: { initialCash: 5 } as never });
  expect(caveats([aResult(), aResult()])).toEqual([]);
  expect(caveats([aResult(), other])[0]).toContain("different amounts of cash");
});

test("the address names each run once, and six at most", () => {
  expect(readKeys(new URLSearchParams("runs=a,b,,a"))).toEqual({ keys: ["a", "b"], left: 0 });
  expect(readKeys(new URLSearchParams("runs=a,b,c,d,e,f,g"))).toEqual({ keys: [..."abcdef"], left: 1 });
  expect(readKeys(new URLSearchParams())).toEqual({ keys: [], left: 0 });
  expect([letterOf(0), letterOf(5)]).toEqual(["A", "F"]);
  expect(pickPath(["a", "b"])).toBe("/?kind=backtest&pick=a,b");
});
