import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { feedEvents } from "@/app/feedEvents";
import type { FeedEvents } from "@/live/feed";

let queries: QueryClient;
let asked: unknown[];
let events: FeedEvents;

beforeEach(() => {
  vi.useFakeTimers();
  queries = new QueryClient();
  asked = [];
  vi.spyOn(queries, "invalidateQueries").mockImplementation((filter) => {
    asked.push(filter?.queryKey);
    return Promise.resolve();
  });
  events = feedEvents(queries, () => Date.now());
});
afterEach(() => {
  vi.useRealTimers();
});

test("runs that change together make one question, soon", () => {
  for (let run = 0; run < 50; run += 1) events.onRunsChanged();
  vi.advanceTimersByTime(400);
  expect(asked).toEqual([["runs"]]);
});

test("runs that change all the time are asked for every two seconds, the last change included", () => {
  for (let turn = 0; turn < 60; turn += 1) {
    events.onRunsChanged();
    vi.advanceTimersByTime(100);
  }
  expect(asked).toHaveLength(3);
  vi.advanceTimersByTime(2000);
  expect(asked).toHaveLength(4);
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveLength(4);
});

test("the system is told whole, a catalogue only that it changed", () => {
  events.onTopic("system", { loopLagMs: 3 });
  expect(queries.getQueryData(["system"])).toEqual({ loopLagMs: 3 });
  expect(asked).toEqual([]);
  events.onTopic("strategies", {});
  expect(asked).toEqual([["strategies"]]);
});
