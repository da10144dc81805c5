/** The event log of a backtest, page by page and by kinds; where there is none, how to get one. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchEvents } from "@/api/events";
import type { EventPlace } from "@/api/events";
import type { StatusBody } from "@/api/types";
import { Chips } from "@/ui/Chips";
import { Empty } from "@/ui/Notice";
import { PagedPanel } from "@/ui/PagedPanel";
import { cursorOf, firstPage } from "@/ui/Pager";
import type { Focus } from "../focus";
import { EventsTable } from "./EventsTable";
import { AT_FIRST, GROUPS, typesOf } from "./eventWords";
import type { EventGroup } from "./eventWords";

const SIZE = 50;
const OPTIONS = GROUPS.map(([group, name]) => [group, name] as const);

interface EventsPanelProps {
  run: StatusBody;
  focus: Focus | null;
  /** Without it there is no chart to show an event on. */
  onFocus?: (focus: Focus) => void;
}

export function EventsPanel({ run, focus, onFocus }: EventsPanelProps) {
  const [groups, setGroups] = useState(AT_FIRST);
  const [cursors, setCursors] = useState(firstPage);
  const cursor = cursorOf(cursors);
  const types = typesOf(groups);
  const { data, error, refetch } = useQuery({
    queryKey: ["events", "backtest", run.runKey, run.resultAttempt ?? run.attempt, types.join(), cursor],
    queryFn: ({ signal }) => fetchEvents(run.runKey, { types, place: placeOf(cursor), limit: SIZE }, signal),
    enabled: types.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  const choose = (chosen: ReadonlySet<EventGroup>): void => {
    setGroups(chosen);
    setCursors(firstPage);
  };
  const page =
    types.length === 0 ? NOTHING : data && { items: data.events, nextCursor: cursorTo(data.next), totalCount: null };
  return (
    <PagedPanel
      id="events"
      title="Event log"
      head={<Chips label="Kinds of events" chosen={groups} options={OPTIONS} onChosen={choose} />}
      page={page}
      error={error}
      onRetry={() => void refetch()}
      cursors={cursors}
      onCursors={setCursors}
      size={SIZE}
      noun="events"
      empty={
        <Empty title={types.length === 0 ? "No kind is chosen" : "No such events"}>
          <p>{types.length === 0 ? "Choose above what to see." : "The log has no event of these kinds."}</p>
        </Empty>
      }
    >
      {(events) => <EventsTable {...{ events, focus, onFocus }} timeFrame={run.timeFrame} />}
    </PagedPanel>
  );
}

const NOTHING = { items: [], nextCursor: null, totalCount: null };

const cursorTo = (next: EventPlace | null): string | null => next && `${String(next.fromMs)}:${String(next.skip)}`;

function placeOf(cursor: string | null): EventPlace | null {
  if (cursor === null) return null;
  const [fromMs = 0, skip = 0] = cursor.split(":").map(Number);
  return { fromMs, skip };
}
