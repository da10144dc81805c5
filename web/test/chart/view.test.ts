import { expect, test } from "vitest";
import { about, inView, moved, placeOf, rowAt, timeAt, toLoad, withRoom, zoomed } from "@/ui/chart/prices/view";

const HOUR = 3_600_000;
const span = (fromMs: number, toMs: number) => ({ fromMs, toMs });
const whole = span(0, 10_000 * HOUR);
/** Three hours, a night, two hours. */
const times = [0, HOUR, 2 * HOUR, 20 * HOUR, 21 * HOUR];

test.each([
  [0, 0],
  [HOUR / 2, 0.5],
  [11 * HOUR, 2.5],
  [21 * HOUR, 4],
  [23 * HOUR, 6],
  [-HOUR, -1],
])("the instant %i lies at the place %f and back", (ms, place) => {
  expect(placeOf(times, HOUR, ms)).toBe(place);
  expect(timeAt(times, HOUR, place)).toBe(ms);
});

test("a row holds the instants until the next one begins", () => {
  expect([-1, 0, HOUR - 1, HOUR, 19 * HOUR, 99 * HOUR].map((ms) => rowAt(times, ms))).toEqual([0, 0, 0, 1, 2, 4]);
});

test("rows that are fine enough and reach far enough are kept", () => {
  expect(toLoad(span(0, 1000 * HOUR), 500, { span: whole, stepMs: 2 * HOUR }, whole, HOUR)).toBeNull();
});
test("few coarse rows in view ask for finer ones there, with as much on either side", () => {
  const loaded = { span: whole, stepMs: 4 * HOUR };
  expect(toLoad(span(4000 * HOUR, 4400 * HOUR), 100, loaded, whole, HOUR)).toEqual(span(3600 * HOUR, 4800 * HOUR));
});
test("bars that cannot be finer are kept, however few are in view", () => {
  expect(toLoad(span(40 * HOUR, 60 * HOUR), 20, { span: whole, stepMs: HOUR }, whole, HOUR)).toBeNull();
});
test("a view that leaves what is loaded asks for the part around it, inside the run", () => {
  const loaded = { span: span(0, 1200 * HOUR), stepMs: HOUR };
  expect(toLoad(span(900 * HOUR, 1300 * HOUR), 400, loaded, whole, HOUR)).toEqual(span(500 * HOUR, 1700 * HOUR));
  expect(toLoad(span(9800 * HOUR, 10_200 * HOUR), 400, loaded, whole, HOUR)).toEqual(span(9600 * HOUR, 10_000 * HOUR));
});
test("room beyond the ends of the run asks for nothing", () => {
  expect(toLoad(withRoom(whole), 3000, { span: whole, stepMs: 4 * HOUR }, whole, HOUR)).toBeNull();
});

test("zooming keeps the middle, and stops at some bars and at the whole", () => {
  expect(zoomed(span(100 * HOUR, 200 * HOUR), 0.5, whole, HOUR)).toEqual(span(125 * HOUR, 175 * HOUR));
  expect(zoomed(span(100 * HOUR, 110 * HOUR), 0.5, whole, HOUR)).toEqual(span(100 * HOUR, 110 * HOUR));
  expect(zoomed(span(100 * HOUR, 9000 * HOUR), 2, whole, HOUR)).toEqual(whole);
});
test("moving stops at the ends", () => {
  expect(moved(span(100 * HOUR, 200 * HOUR), -0.5, whole)).toEqual(span(50 * HOUR, 150 * HOUR));
  expect(moved(span(20 * HOUR, 120 * HOUR), -0.5, whole)).toEqual(span(0, 100 * HOUR));
});
test("a trade is shown with as much before and after it, and a short one with some bars", () => {
  expect(about(span(1000 * HOUR, 1100 * HOUR), whole, HOUR)).toEqual(span(900 * HOUR, 1200 * HOUR));
  expect(about(span(1000 * HOUR, 1000 * HOUR), whole, HOUR)).toEqual(span(970 * HOUR, 1030 * HOUR));
});
test("marks are counted in view", () => {
  expect(inView([{ ts: 1 }, { ts: 5 }, { ts: 9 }], span(2, 9))).toEqual([{ ts: 5 }, { ts: 9 }]);
});
