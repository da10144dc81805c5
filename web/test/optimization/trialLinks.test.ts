import { describe, expect, test } from "vitest";
import type { WalkWindow } from "@/api/types";
import { trialLinks, windowOf } from "@/features/optimization/trialLinks";

const window = (index: number, start: string, end: string): WalkWindow => ({
  ...{ index, inSampleStart: start, inSampleEnd: end },
  ...{ outOfSampleStart: end, outOfSampleEnd: end },
});
const WINDOWS = [window(0, "2019-01-01", "2019-06-30"), window(1, "2019-07-01", "2019-12-31")];
const walk = { windows: WINDOWS };
const parameters = { fast: 5 };
const searchOf = (path: string | null): URLSearchParams => new URL(path ?? "", "http://page.test").searchParams;

describe("the way from a trial to its backtest", () => {
  test("leads over the whole period where the sweep had one", () => {
    const link = trialLinks({ runKey: "key", total: 4, method: "grid", walk: null });
    const search = searchOf(link({ parameters }));
    expect([search.get("key"), search.get("trial"), search.get("start")]).toEqual(["key", '{"fast":5}', null]);
  });
  test("leads over the part in sample of the trial's window in a walk-forward", () => {
    const link = trialLinks({ runKey: "key", total: 4, method: undefined, walk });
    const periodOf = (index: number) => {
      const search = searchOf(link({ parameters, index }));
      return [search.get("start"), search.get("end")];
    };
    expect([0, 1].map(periodOf)).toEqual([
      ["2019-01-01", "2019-06-30"],
      ["2019-01-01", "2019-06-30"],
    ]);
    expect([2, 3].map(periodOf)).toEqual([
      ["2019-07-01", "2019-12-31"],
      ["2019-07-01", "2019-12-31"],
    ]);
  });
  test("is not there while the period is not known", () => {
    expect(trialLinks({ runKey: "key", total: 4, method: undefined, walk: null })({ parameters, index: 1 })).toBeNull();
    expect(
      trialLinks({ runKey: "key", total: 4, method: "walkForward", walk: null })({ parameters, index: 1 }),
    ).toBeNull();
    expect(trialLinks({ runKey: "key", total: 4, method: "walkForward", walk })({ parameters })).toBeNull();
  });
  test("knows no window beyond the last one", () => {
    expect(windowOf(WINDOWS, 4, 4)).toBeUndefined();
    expect(windowOf([], 4, 0)).toBeUndefined();
  });
});
