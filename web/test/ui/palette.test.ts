import { describe, expect, test } from "vitest";
import { colourAt, rampOf } from "@/ui/chart/palette";
import type { Rgb } from "@/ui/chart/palette";

/** How bright a colour is to the eye: CIE 1931 luminance to lightness. */
function lightness(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return Math.cbrt(0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0));
}

test("a sequential scale grows lighter evenly", () => {
  const ramp = rampOf("sequential", "light");
  const seen = Array.from({ length: 9 }, (_, at) => lightness(colourAt(ramp, at / 8)));
  const rises = seen.slice(1).map((value, at) => value - (seen[at] ?? 0));
  expect(Math.min(...rises)).toBeGreaterThan(0.06);
  expect(Math.max(...rises)).toBeLessThan(0.11);
});

describe.each(["light", "dark"] as const)("a diverging scale in the %s", (shade) => {
  const ramp = rampOf("diverging", shade);
  test("has no colour in the middle", () => {
    const [red, green, blue] = colourAt(ramp, 0.5);
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(4);
  });
  test("is reddest for losses and bluest for gains", () => {
    const [low, high] = [colourAt(ramp, 0), colourAt(ramp, 1)];
    expect(low[0] - low[2]).toBeGreaterThan(80);
    expect(high[2] - high[0]).toBeGreaterThan(80);
  });
});
