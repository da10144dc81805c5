import { beforeEach, expect, test } from "vitest";
import { Feed } from "@/live/feed";
import { aRunInfo, aState, aStatus } from "../builders";
import { FakeSurroundings } from "../fakes/surroundings";

const KEY = aRunInfo().runKey;
let around: FakeSurroundings;
let paints: (() => void)[];
let topics: string[];
let listsChanged: number;
let feed: Feed;

beforeEach(() => {
  around = new FakeSurroundings();
  paints = [];
  topics = [];
  listsChanged = 0;
  feed = new Feed(around, (act) => paints.push(act), {
    onLive: () => undefined,
    onRunsChanged: () => (listsChanged += 1),
    onTopic: (topic) => topics.push(topic),
  });
  feed.connection.start();
  around.socket.welcomes();
});

const paint = (): void => {
  for (const act of paints.splice(0)) act();
};
const snapshot = (seq: number, state = aState()) => ({
  type: "snapshot",
  runKey: KEY,
  rev: [1, seq],
  run: aRunInfo(),
  state,
});
const update = (seq: number, state = aState()) => ({ type: "update", runKey: KEY, attempt: 1, rev: [1, seq], state });
const subscribed = (): unknown[] =>
  around.socket.sent.filter(({ type }) => type === "subscribe").map(({ topic, runKey }) => topic ?? runKey);

test("it subscribes to the topics with every welcome", () => {
  expect(subscribed()).toEqual(["runs", "strategies", "datasets"]);
});

test("after a lost socket it subscribes again to topics and followed runs", async () => {
  feed.follow(KEY);
  around.socket.drops();
  await around.pass(400);
  around.socket.welcomes();
  expect(subscribed()).toEqual(["runs", "strategies", "datasets", KEY]);
});

test("a run that nobody follows any more is unsubscribed", () => {
  const [first, second] = [feed.follow(KEY), feed.follow(KEY)];
  first();
  expect(around.socket.sent.at(-1)).toMatchObject({ type: "subscribe" });
  second();
  expect(around.socket.sent.at(-1)).toMatchObject({ type: "unsubscribe", runKey: KEY });
});

test("a thousand updates make one change a paint", () => {
  around.socket.says(snapshot(1));
  paint();
  let told = 0;
  feed.onRun(KEY, () => (told += 1));
  for (let seq = 2; seq <= 1000; seq += 1) around.socket.says(update(seq, aState({ processed: seq })));
  expect(paints).toHaveLength(1);
  paint();
  expect(told).toBe(1);
  expect(feed.getRun(KEY)?.state.processed).toBe(1000);
});

test("what a poll brings is heard like the socket", () => {
  feed.offer(aStatus({ rev: [1, 3], processed: 3 }));
  paint();
  expect(feed.getRun(KEY)?.state.processed).toBe(3);
});

test("lists are old when a run is new or ends, not when it moves", () => {
  around.socket.says(snapshot(1));
  paint();
  expect(listsChanged).toBe(1);
  around.socket.says(update(2, aState({ processed: 2 })));
  paint();
  expect(listsChanged).toBe(1);
  around.socket.says(update(3, aState({ status: "Completed" })));
  paint();
  expect(listsChanged).toBe(2);
});

test("an attempt after the final one is subscribed anew, since a final ends the subscription", () => {
  feed.follow(KEY);
  around.socket.says(snapshot(1, aState({ status: "Failed" })));
  paint();
  const before = subscribed().length;
  around.socket.says({ ...snapshot(1), rev: [2, 1] });
  paint();
  expect(subscribed().slice(before)).toEqual([KEY]);
});

test("a change of a catalogue is passed on", () => {
  around.socket.says({ type: "changed", topic: "strategies", data: {} });
  expect(topics).toEqual(["strategies"]);
});

test("a topic that somebody wants for a while is subscribed to again with a welcome, and left with the last of them", async () => {
  const asked = (): unknown[] => around.socket.sent.filter(({ topic }) => topic === "system").map(({ type }) => type);
  const [first, second] = [feed.followTopic("system"), feed.followTopic("system")];
  expect(asked()).toEqual(["subscribe"]);
  around.socket.drops();
  await around.pass(400);
  around.socket.welcomes();
  expect(asked()).toEqual(["subscribe"]);
  first();
  expect(asked()).toEqual(["subscribe"]);
  second();
  expect(asked()).toEqual(["subscribe", "unsubscribe"]);
});

test("a run that starts makes lists old: those that wait behind it move up", () => {
  around.socket.says(snapshot(1, aState({ status: "Pending" })));
  paint();
  const before = listsChanged;
  around.socket.says(update(2, aState({ status: "Running", processed: 1 })));
  paint();
  expect(listsChanged).toBe(before + 1);
  around.socket.says(update(3, aState({ status: "Running", processed: 2 })));
  paint();
  expect(listsChanged).toBe(before + 1);
});
