/** All trials of an optimization, sorted and paged by the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { fetchTrials } from "@/api/trials";
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { useConnection } from "@/live/context";
import { Empty } from "@/ui/Notice";
import { PagedPanel } from "@/ui/PagedPanel";
import { cursorOf, firstPage } from "@/ui/Pager";
import { variedNames } from "@/ui/run/axes";
import { bestFirst, isRanking } from "@/ui/run/metrics";
import { Segments } from "@/ui/Segments";
import { SaveTrials } from "./SaveTrials";
import type { TrialLink } from "./trialLinks";
import { useAddress } from "./useAddress";
import { TrialsTable } from "./TrialsTable";

export type TrialFilter = "all" | "Completed" | "Failed" | "TimedOut";

const SIZE = 25;
/** While it runs the leaders stand above: here come the trials that have just ended. */
const NEWEST = "-index";
/** While it runs the pages grow; lost sockets make it slower, as for the status. */
const REFRESH_MS = 3000;
const POLL_MS = 30_000;

const FILTERS = [
  ["all", "All"],
  ["Completed", "Completed"],
  ["Failed", "Failed"],
  ["TimedOut", "Timed out"],
] as const satisfies readonly (readonly [TrialFilter, string])[];

export const isFilter = (text: string): boolean => FILTERS.some(([filter]) => filter === text);

const OTHER_COLUMNS = ["index", "durationMs"];

const isSort = (text: string, names: readonly string[]): boolean => {
  const column = text.replace(/^-/, "");
  return isRanking(column) || names.includes(column) || OTHER_COLUMNS.includes(column);
};

interface TrialsPanelProps {
  run: StatusBody;
  /** The metric that ranks them; undefined until it is known. */
  sortBy: string | undefined;
  /** The keys of the trials that no other one beats in all objectives. */
  front: readonly string[];
  linkOf: TrialLink;
  /** How many windows a walk-forward has; null for anything else. */
  windows: number | null;
  filter: TrialFilter;
  onFilter: (filter: TrialFilter) => void;
}

export function TrialsPanel({ run, sortBy, front, linkOf, windows, filter, onFilter }: TrialsPanelProps) {
  const { text, change } = useAddress();
  const names = variedNames(run.axes ?? {});
  const asked = text("sort");
  const chosenSort = asked !== null && isSort(asked, names) ? asked : null;
  const [cursors, setCursors] = useState(firstPage);
  const [shownFilter, setShownFilter] = useState(filter);
  if (shownFilter !== filter) {
    // a cursor belongs to one order of one selection
    setShownFilter(filter);
    setCursors(firstPage);
  }
  const over = isTerminal(run.status);
  const sort = chosenSort ?? (over ? sortBy && bestFirst(sortBy) : NEWEST) ?? null;
  const onFront = useMemo(() => new Set(front), [front]);
  const status = filter === "all" ? null : filter;
  const cursor = cursorOf(cursors);
  const connection = useConnection();
  const { data, error, refetch } = useQuery({
    queryKey: ["trials", "optimization", run.runKey, over ? run.rev : run.attempt, sort, status, cursor],
    queryFn: ({ signal }) => fetchTrials(run.runKey, { sort, status, cursor, limit: SIZE }, signal),
    placeholderData: keepPreviousData,
    staleTime: over ? Infinity : 0,
    refetchInterval: over ? false : connection === "live" ? REFRESH_MS : POLL_MS,
  });
  const resort = (next: string): void => {
    change({ sort: next });
    setCursors(firstPage);
  };
  return (
    <PagedPanel
      id="trials"
      title={over ? "Trials" : "Trials so far"}
      head={
        <>
          <Segments label="Status of trials" value={filter} options={FILTERS} onValue={onFilter} />
          <SaveTrials runKey={run.runKey} chosen={{ sort, status }} disabled={!data || data.totalCount === 0} />
        </>
      }
      page={data}
      error={error}
      onRetry={() => void refetch()}
      cursors={cursors}
      onCursors={setCursors}
      size={SIZE}
      noun="trials"
      empty={
        <Empty title={filter === "all" ? "No trials yet" : "No such trials"}>
          <p>{whyEmpty(filter, over)}</p>
        </Empty>
      }
    >
      {(trials) => (
        <TrialsTable
          linkOf={linkOf}
          windows={windows === null ? null : { count: windows, total: run.total }}
          trials={trials}
          names={names}
          sortBy={sortBy ?? null}
          front={onFront}
          sort={sort ?? "index"}
          onSort={resort}
        />
      )}
    </PagedPanel>
  );
}

function whyEmpty(filter: TrialFilter, over: boolean): string {
  if (filter !== "all") return "No trial of this optimization has this status.";
  return over ? "It ended before a trial was finished." : "They appear in groups, as workers finish them.";
}
