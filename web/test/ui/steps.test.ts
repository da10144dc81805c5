import { expect, test } from "vitest";
import { pathOf, pointAt, valueRange } from "@/ui/chart/steps";

const points = [
  [1, 0],
  [5, 10],
] as const;

test("a path goes level to each point, then up, and on to the end", () =>
  expect(pathOf(points, { total: 10, end: 8, low: 0, high: 10 })).toBe("M100.0 100.00H500.0V0.00H800.0"));
test("no points have no path", () => expect(pathOf([], { total: 10, end: 0, low: 0, high: 1 })).toBe(""));
test("a flat line lies in the middle", () => expect(valueRange([[0, 4]])).toEqual([0, 8]));
test.each([
  [0, points[0]],
  [4, points[0]],
  [5, points[1]],
  [9, points[1]],
])("at %i holds %o", (x, point) => expect(pointAt(points, x)).toEqual(point));
