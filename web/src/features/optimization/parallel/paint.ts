/** Draws the trials of parallel coordinates on a canvas: those outside the ranges faint and below all others. */
import { colourAt, cssOf } from "@/ui/chart/palette";
import type { Rgb } from "@/ui/chart/palette";
import type { ParallelAxis } from "./axes";

export interface Lines {
  readonly axes: readonly ParallelAxis[];
  /** The trials in all ranges; null where there are no ranges. */
  readonly chosen: ReadonlySet<number> | null;
  /** The colour of each trial, as a share of the ramp. */
  readonly shades: readonly number[];
  readonly ramp: readonly Rgb[];
  /** Of the trials outside the ranges. */
  readonly faint: string;
}

/** A few freak values must not take the colours from all others. */
const FREAK_SHARE = 0.01;

/** The colour of each value, as a share of the ramp; `values` rise or fall. */
export function shadesOf(values: readonly number[]): readonly number[] {
  const skip = Math.floor(values.length * FREAK_SHARE);
  const ends = [values[skip] ?? 0, values[values.length - 1 - skip] ?? 0];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  return values.map((value) => (high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5));
}

/** Fewer lines are drawn stronger. */
const alphaOf = (lines: number): number => Math.min(0.9, Math.max(0.12, 40 / Math.max(1, lines)));

/** The best of all trials are drawn so much stronger than the others. */
const GOOD_SHARE = 0.1;
const GOOD_TIMES = 3;

/** Trials come best first, so the last ones are drawn first. */
export function paintLines(canvas: HTMLCanvasElement, { axes, chosen, shades, ramp, faint }: Lines): void {
  const box = canvas.getBoundingClientRect();
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  const context = canvas.getContext("2d");
  if (!context || axes.length < 2) return;
  context.scale(scale, scale);
  context.lineWidth = 1.2;
  const pathOf = places(axes, box.width, box.height);
  const rows = Array.from(shades.keys()).reverse();
  const inside = chosen ? rows.filter((row) => chosen.has(row)) : rows;
  if (chosen) {
    context.globalAlpha = Math.min(0.5, 1.4 * alphaOf(rows.length));
    context.strokeStyle = faint;
    for (const row of rows) if (!chosen.has(row)) stroke(context, pathOf(row));
  }
  const plain = alphaOf(inside.length);
  for (const row of inside) {
    context.globalAlpha = row < GOOD_SHARE * rows.length ? Math.min(1, GOOD_TIMES * plain) : plain;
    context.strokeStyle = cssOf(colourAt(ramp, shades[row] ?? 0));
    stroke(context, pathOf(row));
  }
}

type Place = readonly [x: number, y: number];

/** Trials of one value are drawn apart, the best of them at the top. */
function places(axes: readonly ParallelAxis[], width: number, height: number): (row: number) => Place[] {
  const rows = axes[0]?.shares.length ?? 0;
  return (row) =>
    axes.map(({ shares, band }, at) => {
      const apart = rows > 1 ? band * (0.5 - row / (rows - 1)) : 0;
      const share = Math.min(1, Math.max(0, (shares[row] ?? 0) + apart));
      return [(width * at) / (axes.length - 1), height * (1 - share)];
    });
}

function stroke(context: CanvasRenderingContext2D, path: readonly Place[]): void {
  const [first, ...rest] = path;
  if (!first) return;
  context.beginPath();
  context.moveTo(...first);
  let [x, y] = first;
  for (const [nextX, nextY] of rest) {
    const middle = (x + nextX) / 2;
    context.bezierCurveTo(middle, y, middle, nextY, nextX, nextY);
    [x, y] = [nextX, nextY];
  }
  context.stroke();
}
