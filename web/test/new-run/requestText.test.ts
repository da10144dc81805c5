import { describe, expect, test } from "vitest";
import { requestIn } from "@/features/new-run/requestText";

const read = (body: unknown) => requestIn(JSON.stringify(body), "backtest");

describe("the kind of a request", () => {
  test.each([
    [{ axes: {} }, "optimization"],
    [{ strategyParameters: {} }, "backtest"],
    [{}, "backtest"],
  ])("of %o is told by it", (body, kind) => expect(read(body).prefill?.kind).toBe(kind));
});

test.each([
  [[], "A request is an object: { … }."],
  [{ axes: [] }, "axes must be an object: { … }."],
  [{ account: "margin" }, "account must be an object: { … }."],
  [{ conditions: "a < b" }, "conditions must be a list: [ … ]."],
  [{ conditions: [1] }, "Each of conditions must be a text."],
  [{ objectives: ["netProfit"] }, "Each of objectives must be an object: { … }."],
  [{ fitness: {} }, "fitness.weights must be an object: { … }."],
  [{ axes: { fast: 3 } }, 'axes.fast must be an object, its values a list: { "values": [ … ] }.'],
  [{ axes: { fast: { values: 3 } } }, 'axes.fast must be an object, its values a list: { "values": [ … ] }.'],
])("%o is refused: %s", (body, problem) => expect(read(body).problem).toBe(problem));
