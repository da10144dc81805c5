/** Which runs are compared, as the page's address names them. */

export const MOST = 6;
export const FEWEST = 2;

export interface Asked {
  /** At most six, each once, in the order of the address. */
  readonly keys: readonly string[];
  /** Those that are one too many. */
  readonly left: number;
}

export function readKeys(search: URLSearchParams): Asked {
  const named = (search.get("runs") ?? "")
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
  const keys = [...new Set(named)];
  return { keys: keys.slice(0, MOST), left: Math.max(0, keys.length - MOST) };
}

/** What a run is called on this page: names repeat, letters do not. */
export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** The design token of its colour. */
export const lineOf = (index: number): string => `line-${String(index + 1)}`;

/** The list with these runs picked, to choose others. */
export const pickPath = (keys: readonly string[]): string =>
  keys.length === 0 ? "/" : `/?kind=backtest&pick=${keys.join(",")}`;
