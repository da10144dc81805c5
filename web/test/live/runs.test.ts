import { describe, expect, test } from "vitest";
import { bodyOf, compareRev, emptyState, liveOf, overlay, reduce, reduceAll } from "@/live/runs";
import type { LiveState } from "@/live/runs";
import type { ServerMessage } from "@/live/messages";
import type { Rev } from "@/api/types";
import { aRunInfo, aState, aStatus } from "../builders";

const KEY = aRunInfo().runKey;
const snapshot = (rev: Rev, processed = 0): ServerMessage => ({
  type: "snapshot",
  runKey: KEY,
  rev,
  run: aRunInfo(),
  state: aState({ processed }),
});
const update = (rev: Rev, processed: number, attempt = 1): ServerMessage => ({
  type: "update",
  runKey: KEY,
  attempt,
  rev,
  state: aState({ processed }),
});
const after = (...messages: ServerMessage[]): LiveState => reduceAll(emptyState, messages).state;
const processed = (state: LiveState): number | undefined => state.runs.get(KEY)?.state.processed;

test("revisions compare as pairs: the generation first", () => {
  expect(compareRev([2, 0], [1, 99])).toBeGreaterThan(0);
  expect(compareRev([1, 3], [1, 4])).toBeLessThan(0);
  expect(compareRev([1, 3], [1, 3])).toBe(0);
});

describe("updates", () => {
  test("the newest wins", () => {
    expect(processed(after(snapshot([1, 1]), update([1, 2], 20)))).toBe(20);
  });
  test("an older one that comes late changes nothing", () => {
    const state = after(snapshot([1, 5], 50));
    expect(reduce(state, update([1, 4], 40))).toBe(state);
  });
  test("one of an unknown run waits for its snapshot", () => {
    expect(after(update([1, 2], 20)).runs.size).toBe(0);
  });
  test("one of a later attempt carries the attempt on", () => {
    expect(after(snapshot([1, 1]), update([2, 1], 0, 2)).runs.get(KEY)?.run.attempt).toBe(2);
  });
});

describe("resuming", () => {
  test("a snapshot that says current keeps what is known", () => {
    const state = after(snapshot([1, 5], 50));
    expect(reduce(state, { type: "snapshot", runKey: KEY, rev: [1, 5], current: true })).toBe(state);
  });
  test("another store forgets the runs of the one before", () => {
    const state = after({ type: "welcome", storeId: "a", server: "" }, snapshot([9, 9], 50));
    expect(reduce(state, { type: "welcome", storeId: "b", server: "" }).runs.size).toBe(0);
  });
  test("an active run that the topic no longer lists is forgotten, so that it is asked for", () => {
    const { state, changed } = reduceAll(after(snapshot([1, 5])), [{ type: "topic", topic: "runs", runs: [] }]);
    expect(state.runs.has(KEY)).toBe(false);
    expect(changed.has(KEY)).toBe(true);
  });
  test("a poll joins the same order of revisions as the socket", () => {
    const state = after(snapshot([1, 5], 50));
    expect(processed(reduce(state, { type: "polled", body: aStatus({ rev: [1, 4], processed: 40 }) }))).toBe(50);
    expect(processed(reduce(state, { type: "polled", body: aStatus({ rev: [1, 6], processed: 60 }) }))).toBe(60);
  });
});

describe("removal", () => {
  test("an update older than the removal does not bring the run back", () => {
    const state = after(snapshot([1, 1]), { type: "removed", runKey: KEY, rev: [1, 7] }, snapshot([1, 6]));
    expect(state.runs.has(KEY)).toBe(false);
  });
  test("a new attempt after the removal does", () => {
    const state = after(snapshot([1, 1]), { type: "removed", runKey: KEY, rev: [1, 7] }, snapshot([2, 1]));
    expect(state.runs.has(KEY)).toBe(true);
  });
});

describe("what a page shows", () => {
  test("a live state that is newer lies over the answer, the result stays the answer's", () => {
    const body = aStatus({ rev: [1, 1], resultAttempt: 1 });
    const live = liveOf(aStatus({ rev: [1, 2], processed: 30, resultAttempt: null }));
    expect(overlay(body, live)).toMatchObject({ processed: 30, rev: [1, 2], resultAttempt: 1 });
  });
  test("an older live state does not", () => {
    const body = aStatus({ rev: [1, 3], processed: 30 });
    expect(overlay(body, liveOf(aStatus({ rev: [1, 2], processed: 20 })))).toBe(body);
  });
  test("before the answer is here the live state alone is shown", () => {
    expect(bodyOf(liveOf(aStatus({ processed: 7 }))).processed).toBe(7);
  });
});
