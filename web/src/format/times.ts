/** Instants and spans in the reader's locale: market time in UTC, the server's own doings in local time. */
import { NONE } from "./numbers";

type Maybe = string | number | null | undefined;

const formatters = new Map<string, Intl.DateTimeFormat>();

function show(value: Maybe, name: string, options: Intl.DateTimeFormatOptions): string {
  if (value === null || value === undefined || value === "") return NONE;
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return NONE;
  let formatter = formatters.get(name);
  if (!formatter) formatters.set(name, (formatter = new Intl.DateTimeFormat(undefined, options)));
  return formatter.format(moment);
}

/** A day of market time. */
export const marketDay = (value: Maybe): string => show(value, "marketDay", { dateStyle: "medium", timeZone: "UTC" });

/** A minute of market time, UTC. */
export const marketTime = (value: Maybe): string =>
  show(value, "marketTime", {
    year: "numeric",
    month: "short",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: "UTC",
  });

/** The hour of an instant of market time, UTC. */
export const marketHour = (value: Maybe): string =>
  show(value, "marketHour", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });

const AXIS = {
  year: { year: "numeric" },
  month: { month: "short" },
  day: { month: "short", day: "numeric" },
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A label of a time axis: as much of an instant as is new there, and enough to be understood alone. */
export const axisTime = (value: number, unit: keyof typeof AXIS): string =>
  show(value, `axis-${unit}`, { ...AXIS[unit], timeZone: "UTC" });

/** Whether bars are days or longer, so that their hours say nothing. */
export const isDaily = (timeFrame: string): boolean => /[dw]$/i.test(timeFrame);

const FRAME_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What a bar of `4h` spans; 0 for what is no time frame. */
export function frameMs(timeFrame: string): number {
  const [, count = "0", unit = ""] = /^(\d+)([smhdw])$/.exec(timeFrame) ?? [];
  return Number(count) * (FRAME_MS[unit] ?? 0);
}

/** A span as time frames are named: `4h`. */
export function frameName(ms: number): string {
  const [unit, unitMs] = Object.entries(FRAME_MS).findLast(([, each]) => ms % each === 0) ?? ["ms", 1];
  return `${String(ms / unitMs)}${unit}`;
}

/** An instant of a series as its bars are told apart: the day alone where bars are days or longer. */
export const barTime = (value: Maybe, timeFrame: string): string =>
  isDaily(timeFrame) ? marketDay(value) : marketTime(value);

/** When something happened here. */
export const localTime = (value: Maybe): string =>
  show(value, "localTime", { dateStyle: "medium", timeStyle: "medium" });

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
let relative: Intl.RelativeTimeFormat | undefined;

/** `3 minutes ago`. */
export function ago(value: string | null | undefined, nowMs: number): string {
  if (!value) return NONE;
  const seconds = (Date.parse(value) - nowMs) / 1000;
  relative ??= new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
  for (const [unit, size] of STEPS)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return relative.format(Math.min(0, Math.trunc(seconds)), "second");
}

/** A span as one reads it from a clock: `4.2 ms`, `0.42 s`, `12 s`, `3:07`, `2:03:09`, `4 d 02:10`. */
export function span(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  if (ms < 100) return `${new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 }).format(ms)} ms`;
  if (ms < 1000) return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${String(seconds)} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  const [minutes, hours, days] = [
    Math.floor(seconds / 60) % 60,
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 86_400),
  ];
  if (days > 0) return `${String(days)} d ${two(hours)}:${two(minutes)}`;
  return hours > 0
    ? `${String(hours)}:${two(minutes)}:${two(seconds % 60)}`
    : `${String(minutes)}:${two(seconds % 60)}`;
}

/** The UTC day of an instant as a date field wants it. */
export const dayOf = (instant: string): string => instant.slice(0, 10);
