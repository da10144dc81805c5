import { expect, test } from "vitest";
import { ApiError } from "@/api/http";
import { freshDraft } from "@/features/new-run/draft";
import { shownPaths, sortErrors } from "@/features/new-run/problems";
import { aDataset, aStrategy } from "../builders";

const shown = shownPaths(freshDraft("optimization", aStrategy(), aDataset()), aStrategy());
const refused = (...errors: [path: string, message: string][]): ApiError =>
  new ApiError(
    400,
    "invalid_request",
    "It is wrong.",
    errors.map(([path, message]) => ({ path, message })),
  );

test("a complaint stands at the control that it names", () => {
  expect(sortErrors(refused(["initialCash", "must be more than 0"]), shown).fields.get("initialCash")).toBe(
    "must be more than 0",
  );
});
test("one about a box of a range stands at that box", () => {
  const { fields } = sortErrors(refused(["axes.fastPeriod.step", "must be whole"]), shown);
  expect([...fields.keys()]).toEqual(["axes.fastPeriod.step"]);
});
test("one about a part that has no box stands at the axis", () => {
  expect(sortErrors(refused(["axes.slowPeriod.fixed", "is odd"]), shown).fields.get("axes.slowPeriod")).toBe("is odd");
});
test("one about the exchange stands at the series", () => {
  expect(sortErrors(refused(["exchange", "is unknown"]), shown).fields.has("assetName")).toBe(true);
});
test("two at one control are both told", () => {
  const { fields } = sortErrors(refused(["assetName", "a"], ["exchange", "b"]), shown);
  expect(fields.get("assetName")).toBe("a; b");
});
test("what has no control is told on top, with its path", () => {
  expect(sortErrors(refused(["priority", "is odd"]), shown)).toMatchObject({ rest: ["priority: is odd"] });
});
test("a refusal without fields is told in its own words", () => {
  expect(sortErrors(refused(), shown).rest).toEqual(["It is wrong."]);
});
