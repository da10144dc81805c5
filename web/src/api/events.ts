/** The event log of a backtest, a page of it at a time. */
import { ask, query } from "./http";
import type { EventType, LoggedEvent } from "./types";

/** Where a page begins: at an instant, after as many of its events as the pages before have shown. */
export interface EventPlace {
  readonly fromMs: number;
  readonly skip: number;
}

export interface EventQuery {
  types: readonly EventType[];
  /** Null: at the first event. */
  place: EventPlace | null;
  limit: number;
}

export interface EventPage {
  readonly events: readonly LoggedEvent[];
  /** Null when there are no more. */
  readonly next: EventPlace | null;
}

/** The log has no cursors: a page begins with the instant at which the one before ended, and leaves out what that showed. */
export async function fetchEvents(
  runKey: string,
  { types, place, limit }: EventQuery,
  signal?: AbortSignal,
): Promise<EventPage> {
  const skip = place?.skip ?? 0;
  const wanted = query({
    types: types.join(","),
    from: place && new Date(place.fromMs).toISOString(),
    limit: skip + limit + 1,
  });
  const path = `/api/backtests/${encodeURIComponent(runKey)}/events${wanted}`;
  const text = await (await ask(path, signal ? { signal } : {})).text();
  return pageOf(linesOf(text).slice(skip), place, limit);
}

const linesOf = (text: string): LoggedEvent[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LoggedEvent);

/** The first `limit` of the events that are left, and where the next page begins if there are more. */
export function pageOf(left: readonly LoggedEvent[], place: EventPlace | null, limit: number): EventPage {
  const events = left.slice(0, limit);
  const last = events.at(-1);
  if (left.length <= limit || !last) return { events, next: null };
  const shown = events.filter(({ ts }) => ts === last.ts).length;
  return { events, next: { fromMs: last.ts, skip: shown + (place?.fromMs === last.ts ? place.skip : 0) } };
}
