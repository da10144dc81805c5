/** Numbers in the reader's locale. Formatters are costly to make, so each is made once. */

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(undefined, options);
  formatters.set(key, made);
  return made;
}

export const NONE = "–";
type Maybe = number | null | undefined;

const given = (value: Maybe): value is number => value !== null && value !== undefined && Number.isFinite(value);

export const whole = (value: Maybe): string =>
  given(value) ? formatter({ maximumFractionDigits: 0 }).format(value) : NONE;

export const decimal = (value: Maybe, digits = 2): string =>
  given(value)
    ? formatter({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(zeroed(value, digits))
    : NONE;

/** Money of large and small accounts: cents until they no longer matter. */
export const money = (value: Maybe): string => decimal(value, given(value) && Math.abs(value) >= 1e7 ? 0 : 2);

export const signedMoney = (value: Maybe): string => signed(value, given(value) && Math.abs(value) >= 1e7 ? 0 : 2);

export const signed = (value: Maybe, digits = 2): string =>
  given(value)
    ? formatter({
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: "exceptZero",
      }).format(zeroed(value, digits))
    : NONE;

/** A percentage that comes as 12.5. */
export const percent = (value: Maybe, digits = 2): string =>
  given(value)
    ? formatter({ style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        zeroed(value, digits) / 100,
      )
    : NONE;

export const signedPercent = (value: Maybe, digits = 2): string =>
  given(value)
    ? formatter({
        style: "percent",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        signDisplay: "exceptZero",
      }).format(zeroed(value, digits) / 100)
    : NONE;

/** Prices and parameters: as many digits as they carry, up to eight. */
export const exact = (value: Maybe): string =>
  given(value) ? formatter({ maximumFractionDigits: 8 }).format(value) : NONE;

export const compact = (value: Maybe): string =>
  given(value) ? formatter({ notation: "compact", maximumFractionDigits: 1 }).format(value) : NONE;

/** Bars or combinations a second: three figures are as much as a moving number can say. */
export function rate(value: Maybe, unit: string): string {
  if (!given(value)) return NONE;
  const text =
    value >= 10_000 ? compact(value) : formatter({ maximumSignificantDigits: value >= 100 ? 4 : 2 }).format(value);
  return `${text} ${unit}/s`;
}

export function bytes(value: Maybe): string {
  if (!given(value)) return NONE;
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
  return formatter({
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(value / 1000 ** step);
}

/** −0.001 shown with two digits is 0, not −0. */
function zeroed(value: number, digits: number): number {
  return Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value;
}

/** The share of work that is done, 0–1; a run of nothing is done. */
export const fraction = (done: number, total: number): number => (total > 0 ? Math.min(1, done / total) : 1);

/** A progress share as whole percent, rounded down so that 100 % means the end. */
export const wholePercent = (share: number): string =>
  formatter({ style: "percent", maximumFractionDigits: 0 }).format(Math.floor(share * 100) / 100);
