/** One page of the event log, a row an event. */
import type { LoggedEvent } from "@/api/types";
import { whole } from "@/format/numbers";
import { barTime } from "@/format/times";
import { PickRows } from "@/ui/PickRows";
import { TableScroll } from "@/ui/TableScroll";
import type { Focus } from "../focus";
import { eventDetails, eventName } from "./eventWords";

interface EventsTableProps {
  events: readonly LoggedEvent[];
  timeFrame: string;
  focus: Focus | null;
  onFocus: ((focus: Focus) => void) | undefined;
}

const BAD: ReadonlySet<string> = new Set(["ord.reject", "warn", "err"]);

export function EventsTable({ events, timeFrame, focus, onFocus }: EventsTableProps) {
  const chosen = focus?.kind === "moment" ? focus.id : null;
  const assetOf = ({ d }: LoggedEvent): string | null => (typeof d["assetName"] === "string" ? d["assetName"] : null);
  const cells = (event: LoggedEvent) => (
    <>
      <td className="right faint">{whole(event.sq)}</td>
      <td className={BAD.has(event._t) ? "loss" : undefined}>{eventName(event)}</td>
      <td>{assetOf(event)}</td>
      <td className="soft wraps">{eventDetails(event)}</td>
    </>
  );
  return (
    <TableScroll label="Table of events" tall>
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col" className="right">
              Number
            </th>
            <th scope="col">What</th>
            <th scope="col">Asset</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        {onFocus ? (
          <PickRows
            items={events}
            keyOf={({ sq }) => sq}
            isChosen={({ sq }) => chosen === idOf(sq)}
            nameOf={({ ts }) => barTime(ts, timeFrame)}
            onChoose={(event) =>
              onFocus({
                kind: "moment",
                ms: event.ts,
                assetName: assetOf(event),
                text: `Event ${whole(event.sq)}: ${eventName(event).toLowerCase()}`,
                id: idOf(event.sq),
              })
            }
          >
            {cells}
          </PickRows>
        ) : (
          <tbody>
            {events.map((event) => (
              <tr key={event.sq}>
                <td>{barTime(event.ts, timeFrame)}</td>
                {cells(event)}
              </tr>
            ))}
          </tbody>
        )}
      </table>
    </TableScroll>
  );
}

const idOf = (sq: number): string => `event ${String(sq)}`;
