import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { usePaced } from "@/live/usePaced";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number): void => act(() => void vi.advanceTimersByTime(ms));

test("what changes all the time is let through once in a while, as it is then", () => {
  const seen: number[] = [];
  const { result, rerender } = renderHook(({ value }) => usePaced(value, 1000), { initialProps: { value: 0 } });
  for (let value = 1; value <= 30; value += 1) {
    rerender({ value });
    pass(100);
    if (result.current !== seen.at(-1)) seen.push(result.current);
  }
  expect(seen).toEqual([0, 10, 20, 30]);
});
test("what stays the same wakes nobody", () => {
  renderHook(() => usePaced(7, 1000));
  expect(vi.getTimerCount()).toBe(0);
});
test("nothing is left behind by a page that goes", () => {
  const { rerender, unmount } = renderHook(({ value }) => usePaced(value, 1000), { initialProps: { value: 0 } });
  rerender({ value: 1 });
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});
