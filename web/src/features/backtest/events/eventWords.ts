/** Events of the log in words, and the kinds that a reader chooses among. */
import type { EventType, LoggedEvent } from "@/api/types";
import { exact } from "@/format/numbers";
import { spoken } from "@/format/words";

export type EventGroup = "orders" | "positions" | "signals" | "money" | "notices" | "bars" | "indicators";

export const GROUPS: readonly (readonly [group: EventGroup, name: string, types: readonly EventType[]])[] = [
  ["orders", "Orders", ["ord.place", "ord.fill", "ord.cancel", "ord.reject"]],
  ["positions", "Positions", ["pos", "grp"]],
  ["signals", "Signals", ["sig"]],
  ["money", "Risk and cash", ["risk", "cash"]],
  ["notices", "Notices", ["run.start", "run.end", "warn", "err"]],
  ["bars", "Bars", ["bar"]],
  ["indicators", "Indicators", ["ind"]],
];

/** Bars and indicators come with every bar: they are shown to those who ask for them. */
export const AT_FIRST: ReadonlySet<EventGroup> = new Set<EventGroup>([
  "orders",
  "positions",
  "signals",
  "money",
  "notices",
]);

export const typesOf = (groups: ReadonlySet<EventGroup>): readonly EventType[] =>
  GROUPS.flatMap(([group, , types]) => (groups.has(group) ? types : []));

const NAMES: Record<EventType, string> = {
  "run.start": "Run begins",
  "run.end": "Run ends",
  bar: "Bar",
  "ord.place": "Order placed",
  "ord.fill": "Order filled",
  "ord.cancel": "Order cancelled",
  "ord.reject": "Order rejected",
  pos: "Position",
  grp: "Group",
  sig: "Signal",
  ind: "Indicator",
  risk: "Risk",
  cash: "Cash",
  warn: "Warning",
  err: "Error",
};

export const eventName = ({ _t }: LoggedEvent): string => NAMES[_t];

/** `Quantity 1 · average entry price 35.99`; the asset has a column of its own, the stack trace a place of its own. */
export function eventDetails({ d }: LoggedEvent): string {
  const parts = Object.entries(d)
    .filter(([name]) => name !== "assetName" && name !== "stackTrace")
    .map(([name, value]) => `${spoken(name).toLowerCase()} ${shown(value)}`);
  const line = parts.join(" · ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}

function shown(value: unknown): string {
  if (typeof value === "number") return exact(value);
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .map(([name, each]) => (name === "value" ? shown(each) : `${spoken(name).toLowerCase()} ${shown(each)}`))
      .join(", ");
  return String(value);
}
