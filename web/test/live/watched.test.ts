import { beforeEach, expect, test } from "vitest";
import { Watched } from "@/live/watched";
import { MemoryStorage } from "../fakes/page";

let storage: MemoryStorage;
let tab: Watched;
const run = (runKey: string, attempt = 1) => ({ kind: "backtest" as const, runKey, attempt });

beforeEach(() => {
  storage = new MemoryStorage();
  tab = new Watched(storage);
});

test("what is watched is known after the page was loaded anew", () => {
  tab.add(run("a"));
  expect(new Watched(storage).get()).toEqual([run("a")]);
});

test("a later attempt takes the place of an earlier one, and not the other way round", () => {
  tab.add(run("a", 2));
  tab.add(run("a", 1));
  tab.add(run("a", 3));
  expect(tab.get()).toEqual([run("a", 3)]);
});

test("another tab hears of it, and is told when it has been told", () => {
  const other = new Watched(storage);
  tab.add(run("a"));
  other.reread();
  expect(other.get()).toEqual([run("a")]);
  tab.told("a");
  other.reread();
  expect(other.get()).toEqual([run("a")]);
  expect(other.isUntold("a")).toBe(false);
});

test("it does not grow for ever", () => {
  for (let index = 0; index < 80; index += 1) tab.add(run(`run-${String(index)}`));
  expect(tab.get()).toHaveLength(50);
  expect(new Watched(storage).get().at(-1)).toEqual(run("run-79"));
});

test("what somebody else has put there does no harm", () => {
  storage.setItem("forge.watched", '[{"kind":"novel"}, 7]');
  expect(new Watched(storage).get()).toEqual([]);
  storage.setItem("forge.watched", "{");
  expect(new Watched(storage).get()).toEqual([]);
});
