/** The cells of a surface: where they are, what they say, and how one moves between them. */
import type { Params, ParamValue, Surface } from "@/api/types";

export interface Cell {
  readonly column: number;
  /** From the bottom: rows rise with their values. */
  readonly row: number;
}

export interface CellFacts {
  readonly parameters: Params;
  readonly value: number | null;
  readonly count: number;
}

export const factsOf = (surface: Surface, { column, row }: Cell): CellFacts => ({
  parameters: { [surface.x]: surface.xValues[column] ?? "", [surface.y]: surface.yValues[row] ?? "" },
  value: surface.values[row]?.[column] ?? null,
  count: surface.counts[row]?.[column] ?? 0,
});

export const isSameCell = (a: Cell, b: Cell): boolean => a.column === b.column && a.row === b.row;

/** All values that are known. */
export const valuesOf = ({ values }: Surface): readonly number[] =>
  values.flatMap((row) => row.filter((value) => value !== null));

/** Whether a cell may stand for several trials. */
export const isFolded = ({ counts }: Surface): boolean => counts.some((row) => row.some((count) => count > 1));

/** The cell at a place, both 0–1 from the top left corner; null beside the map. */
export function cellAt(surface: Surface, right: number, down: number): Cell | null {
  if (right < 0 || right >= 1 || down < 0 || down >= 1) return null;
  const [columns, rows] = [surface.xValues.length, surface.yValues.length];
  return { column: Math.floor(right * columns), row: rows - 1 - Math.floor(down * rows) };
}

const STEPS: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
  PageDown: [0, -Infinity],
  PageUp: [0, Infinity],
};

/** Where a key leads, within the map; null for a key that leads nowhere. */
export function moved(surface: Surface, from: Cell | null, key: string): Cell | null {
  const step = STEPS[key];
  if (!step) return null;
  const within = (place: number, count: number): number => Math.max(0, Math.min(count - 1, place));
  const { column, row } = from ?? { column: 0, row: 0 };
  return {
    column: within(column + step[0], surface.xValues.length),
    row: within(row + step[1], surface.yValues.length),
  };
}

/** The cell of a set of parameters; null where the map has none. */
export function cellOf(surface: Surface, parameters: Params): Cell | null {
  const column = placeOf(surface.xValues, parameters[surface.x]);
  const row = placeOf(surface.yValues, parameters[surface.y]);
  return column === null || row === null ? null : { column, row };
}

/** Of a text its own place; of a number that of its bin, which goes on to the next value, the last as far as its neighbour. */
function placeOf(values: readonly ParamValue[], wanted: ParamValue | undefined): number | null {
  const exact = values.indexOf(wanted ?? "");
  if (exact >= 0) return exact;
  const numbers = values.filter((value) => typeof value === "number");
  const [last, before] = [numbers.at(-1), numbers.at(-2)];
  if (typeof wanted !== "number" || last === undefined || before === undefined) return null;
  const place = numbers.findLastIndex((value) => value <= wanted);
  return place >= 0 && wanted < last + (last - before) ? place : null;
}

/** Places of at most so many labels, evenly apart, the first and the last among them. */
export function ticksOf(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}
