/**
 * Colour scales in which equal steps of value look like equal steps of colour.
 *
 * They run through OKLab (Ottosson 2020), whose lightness is that of the eye: it rises evenly along a sequential scale, and
 * falls evenly to both sides of a diverging one.
 */

export type Rgb = readonly [red: number, green: number, blue: number];
export type ScaleKind = "sequential" | "diverging";
type Shade = "light" | "dark";

/** Lightness 0–1, chroma, hue in degrees. */
type Lch = readonly [lightness: number, chroma: number, hue: number];
type Lab = readonly [lightness: number, a: number, b: number];

const SHADES = 256;

const SEQUENTIAL: readonly Lch[] = [
  [0.27, 0.11, 290],
  [0.44, 0.11, 250],
  [0.6, 0.1, 200],
  [0.77, 0.15, 150],
  [0.93, 0.17, 105],
];
/** Losses, nothing, gains: orange against petrol, which colour-blind eyes tell apart too. */
const DIVERGING: Record<Shade, readonly Lch[]> = {
  light: [
    [0.52, 0.17, 38],
    [0.95, 0, 0],
    [0.48, 0.1, 222],
  ],
  dark: [
    [0.76, 0.15, 52],
    [0.27, 0, 0],
    [0.78, 0.11, 215],
  ],
};

/** The colours from the lowest value to the highest. */
export function rampOf(kind: ScaleKind, shade: Shade): readonly Rgb[] {
  const stops = (kind === "sequential" ? SEQUENTIAL : DIVERGING[shade]).map(labOf);
  return Array.from({ length: SHADES }, (_, index) => rgbOf(between(stops, index / (SHADES - 1))));
}

/** The colour at 0–1 of a ramp. */
export const colourAt = (ramp: readonly Rgb[], share: number): Rgb =>
  ramp[Math.round(Math.min(1, Math.max(0, share)) * (ramp.length - 1))] ?? [0, 0, 0];

export const cssOf = ([red, green, blue]: Rgb): string => `rgb(${String(red)} ${String(green)} ${String(blue)})`;

function labOf([lightness, chroma, hue]: Lch): Lab {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

function between(stops: readonly Lab[], share: number): Lab {
  const place = share * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[below], stops[below + 1]];
  if (!from || !to) return [0, 0, 0];
  const mixed = (part: 0 | 1 | 2): number => from[part] + (to[part] - from[part]) * (place - below);
  return [mixed(0), mixed(1), mixed(2)];
}

/** To sRGB by way of the cones' responses; what no screen can show is clipped. */
function rgbOf([lightness, a, b]: Lab): Rgb {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    byteOf(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    byteOf(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    byteOf(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

function byteOf(linear: number): number {
  const light = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
}
