/** The cells of a surface: where they are, what they say, and how one moves between them. */
import type { Params, ParamValue, Surface } from "@/api/types";

export interface Cell {
  readonly column: number;
  /** From the bottom: rows rise with their values. */
  readonly row: number;
}

/** One parameter of a cell: a value, or the first and the last of a bin. */
export interface Span {
  readonly name: string;
  readonly from: ParamValue;
  readonly to: ParamValue;
}

export interface CellFacts {
  readonly spans: readonly [x: Span, y: Span];
  readonly value: number | null;
  readonly count: number;
}

export const factsOf = (surface: Surface, { column, row }: Cell): CellFacts => ({
  spans: [
    spanOf(surface.x, surface.xValues, surface.xBins, column),
    spanOf(surface.y, surface.yValues, surface.yBins, row),
  ],
  value: surface.values[row]?.[column] ?? null,
  count: surface.counts[row]?.[column] ?? 0,
});

function spanOf(name: string, values: Surface["xValues"], bins: Surface["xBins"], place: number): Span {
  const from = values[place] ?? "";
  return { name, from, to: bins?.[place]?.[1] ?? from };
}

/** The parameters with which a cell is run: the first of each bin. */
export const parametersOf = ({ spans }: CellFacts): Params =>
  Object.fromEntries(spans.map(({ name, from }) => [name, from]));

export const isSameCell = (a: Cell, b: Cell): boolean => a.column === b.column && a.row === b.row;

/** The cells next to one, itself left out: where they lie, and what they say. */
export interface Neighbourhood {
  readonly from: Cell;
  readonly to: Cell;
  /** The known values, rising. */
  readonly values: readonly number[];
}

/** One step to every side along numbers, for choices have no next one; none where no neighbour has a value. */
export function neighboursOf(surface: Surface, { column, row }: Cell): Neighbourhood | null {
  const right = typeof surface.xValues[0] === "number" ? 1 : 0;
  const up = typeof surface.yValues[0] === "number" ? 1 : 0;
  const from = { column: Math.max(0, column - right), row: Math.max(0, row - up) };
  const to = {
    column: Math.min(surface.xValues.length - 1, column + right),
    row: Math.min(surface.yValues.length - 1, row + up),
  };
  const values = surface.values
    .slice(from.row, to.row + 1)
    .flatMap((line, down) =>
      line
        .slice(from.column, to.column + 1)
        .filter(
          (value, across): value is number =>
            value !== null && !(from.row + down === row && from.column + across === column),
        ),
    );
  return values.length > 0 ? { from, to, values: [...values].sort((a, b) => a - b) } : null;
}

export function medianOf(rising: readonly number[]): number | null {
  const [below, above] = [rising[Math.floor((rising.length - 1) / 2)], rising[Math.floor(rising.length / 2)]];
  return below === undefined || above === undefined ? null : (below + above) / 2;
}

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
  const column = placeOf(surface.xValues, surface.xBins, parameters[surface.x]);
  const row = placeOf(surface.yValues, surface.yBins, parameters[surface.y]);
  return column === null || row === null ? null : { column, row };
}

function placeOf(values: Surface["xValues"], bins: Surface["xBins"], wanted: ParamValue | undefined): number | null {
  const place =
    bins && typeof wanted === "number"
      ? bins.findIndex(([from, to]) => Number(from) <= wanted && wanted <= Number(to))
      : values.indexOf(wanted ?? "");
  return place < 0 ? null : place;
}

/** Places of at most so many labels, evenly apart, the first and the last among them. */
export function ticksOf(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, index) => index);
  return Array.from({ length: most }, (_, index) => Math.round((index * (count - 1)) / (most - 1)));
}
