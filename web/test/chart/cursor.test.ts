import { expect, test } from "vitest";
import { entryAfter } from "@/ui/chart/useCursor";

const seen = [10, 40] as const;

test.each([
  ["ArrowLeft", false, null, 40],
  ["ArrowRight", false, null, 10],
  ["ArrowLeft", false, 20, 19],
  ["ArrowRight", true, 20, 30],
  ["ArrowRight", true, 95, 99],
  ["Home", false, 20, 0],
  ["End", false, 20, 99],
  ["a", false, 20, null],
])("%s (Shift %s) goes from %s to %s", (key, shift, row, next) => {
  expect(entryAfter(key, shift, row, seen, 100)).toBe(next);
});
