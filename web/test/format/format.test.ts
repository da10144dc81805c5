import { describe, expect, test } from "vitest";
import {
  bytes,
  decimal,
  exact,
  fraction,
  money,
  NONE,
  percent,
  rate,
  signedMoney,
  whole,
  wholePercent,
} from "@/format/numbers";
import { fieldOf, instantOf } from "@/format/instants";
import { ago, barTime, marketTime, span } from "@/format/times";
import { paramLine, spoken } from "@/format/words";

describe("numbers", () => {
  test.each([whole, decimal, money, signedMoney, percent, exact, bytes])("what is undefined is a dash", (show) => {
    expect([show(null), show(undefined), show(NaN), show(Infinity)]).toEqual([NONE, NONE, NONE, NONE]);
  });
  test("a percentage comes as 12.5", () => expect(percent(12.5)).toBe("12.50%"));
  test("next to nothing is 0, not −0", () => expect(signedMoney(-0.001)).toBe("0.00"));
  test("gains carry their sign", () => expect(signedMoney(1234.5)).toBe("+1,234.50"));
  test("cents of a large account are left out", () => expect(money(12_345_678.9)).toBe("12,345,679"));
  test("prices keep their eight decimals", () => expect(exact(0.00000123)).toBe("0.00000123"));
  test("a rate is as exact as a moving number can be", () => {
    expect(rate(3.2456, "trials")).toBe("3.2 trials/s");
    expect(rate(1_600_000, "bars")).toBe("1.6M bars/s");
  });
  test("bytes step by thousands", () => expect([bytes(999), bytes(44_000)]).toEqual(["999 bytes", "44 kB"]));
});

describe("shares", () => {
  test("99.9 % are not yet 100 %", () => expect(wholePercent(0.999)).toBe("99%"));
  test("a run of nothing is done", () => expect(fraction(0, 0)).toBe(1));
  test("a share never exceeds the whole", () => expect(fraction(12, 10)).toBe(1));
});

describe("times", () => {
  test.each([
    [4.2, "4.2 ms"],
    [420, "0.42 s"],
    [12_400, "12 s"],
    [187_000, "3:07"],
    [7_389_000, "2:03:09"],
    [353_400_000, "4 d 02:10"],
  ])("%d ms are %s", (ms, text) => expect(span(ms)).toBe(text));
  test("market time is UTC, of 24 hours", () => expect(marketTime("2024-01-05T23:30:00Z")).toBe("Jan 05, 2024, 23:30"));
  test("bars of days have no hours", () => {
    expect(barTime("2024-01-05T00:00:00Z", "1d")).toBe("Jan 5, 2024");
    expect(barTime("2024-01-05T00:00:00Z", "1h")).toContain("00:00");
  });
  test("what lies in the future by a slow clock is now", () => {
    expect(ago("2024-01-01T00:00:05Z", Date.parse("2024-01-01T00:00:00Z"))).toBe("now");
  });
  test("what is no date is a dash", () => expect(marketTime("soon")).toBe(NONE));
});

describe("instants in fields", () => {
  test.each(["2024-01-01T00:00:00.000Z", "2024-01-01T10:20:30.000Z", "2024-01-01T10:20:30.400Z"])(
    "%s survives the field",
    (instant) => expect(instantOf(fieldOf(instant))).toBe(instant),
  );
  test("seconds show only when there are some", () =>
    expect(fieldOf("2024-01-01T10:20:00.000Z")).toBe("2024-01-01T10:20"));
  test("an empty field holds none", () => expect(instantOf("")).toBeNull());
});

describe("words", () => {
  test("names are spoken", () => expect(spoken("fastPeriod")).toBe("Fast period"));
  test("parameters fit one line", () =>
    expect(paramLine({ fastPeriod: 10, side: "long" })).toBe("fast period 10 · side long"));
});
