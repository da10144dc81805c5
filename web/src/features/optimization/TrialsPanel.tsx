/** All trials of an optimization, sorted and paged by the server. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchTrials, fetchTrialsCsv } from "@/api/trials";
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { useConnection } from "@/live/context";
import { Button } from "@/ui/Button";
import { saveAs } from "@/ui/download";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { cursorOf, firstPage, Pager } from "@/ui/Pager";
import { variedNames } from "@/ui/run/axes";
import { bestFirst, isMetric } from "@/ui/run/metrics";
import { Segments } from "@/ui/Segments";
import { TrialsTable } from "./TrialsTable";

export type TrialFilter = "all" | "Completed" | "Failed" | "TimedOut";

const SIZE = 25;
/** While it runs the pages grow; lost sockets make it slower, as for the status. */
const REFRESH_MS = 3000;
const POLL_MS = 30_000;

const FILTERS = [
  ["all", "All"],
  ["Completed", "Completed"],
  ["Failed", "Failed"],
  ["TimedOut", "Timed out"],
] as const satisfies readonly (readonly [TrialFilter, string])[];

interface TrialsPanelProps {
  run: StatusBody;
  /** The metric that ranks them; undefined until it is known. */
  sortBy: string | undefined;
  filter: TrialFilter;
  onFilter: (filter: TrialFilter) => void;
}

export function TrialsPanel({ run, sortBy, filter, onFilter }: TrialsPanelProps) {
  const [chosenSort, setSort] = useState<string | null>(null);
  const [cursors, setCursors] = useState(firstPage);
  const [shownFilter, setShownFilter] = useState(filter);
  if (shownFilter !== filter) {
    // a cursor belongs to one order of one selection
    setShownFilter(filter);
    setCursors(firstPage);
  }
  const sort = chosenSort ?? (sortBy ? bestFirst(isMetric(sortBy) ? sortBy : "netProfit") : null);
  const status = filter === "all" ? null : filter;
  const cursor = cursorOf(cursors);
  const over = isTerminal(run.status);
  const connection = useConnection();
  const { data, error, refetch } = useQuery({
    queryKey: ["trials", "optimization", run.runKey, over ? run.rev : run.attempt, sort, status, cursor],
    queryFn: ({ signal }) => fetchTrials(run.runKey, { sort, status, cursor, limit: SIZE }, signal),
    placeholderData: keepPreviousData,
    staleTime: over ? Infinity : 0,
    refetchInterval: over ? false : connection === "live" ? REFRESH_MS : POLL_MS,
  });
  const resort = (next: string): void => {
    setSort(next);
    setCursors(firstPage);
  };
  return (
    <section className="panel" aria-labelledby="trials-head">
      <header>
        <h2 id="trials-head">{over ? "Trials" : "Trials so far"}</h2>
        <Segments label="Status of trials" value={filter} options={FILTERS} onValue={onFilter} />
        <span className="push">
          <SaveCsv runKey={run.runKey} sort={sort} status={status} disabled={!data || data.totalCount === 0} />
        </span>
      </header>
      {error && !data ? (
        <div className="body">
          <Failure error={error} onRetry={() => void refetch()} />
        </div>
      ) : !data ? (
        <div className="body">
          <Skeleton tall />
        </div>
      ) : data.items.length === 0 ? (
        <Empty title={filter === "all" ? "No trials yet" : "No such trials"}>
          <p>
            {filter !== "all"
              ? "No trial of this optimization has this status."
              : over
                ? "It ended before a trial was finished."
                : "They appear in groups, as workers finish them."}
          </p>
        </Empty>
      ) : (
        <>
          <TrialsTable
            runKey={run.runKey}
            trials={data.items}
            names={variedNames(run.axes ?? {})}
            sortBy={sortBy ?? null}
            sort={sort ?? "index"}
            onSort={resort}
          />
          <Pager
            cursors={cursors}
            onCursors={setCursors}
            next={data.nextCursor}
            size={SIZE}
            shown={data.items.length}
            total={data.totalCount}
            noun="trials"
          />
        </>
      )}
    </section>
  );
}

interface SaveCsvProps {
  runKey: string;
  sort: string | null;
  status: string | null;
  disabled: boolean;
}

function SaveCsv({ runKey, sort, status, disabled }: SaveCsvProps) {
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");
  const save = async (): Promise<void> => {
    setState("busy");
    try {
      saveAs(`${runKey}.csv`, await fetchTrialsCsv(runKey, { sort, status }));
      setState("idle");
    } catch {
      setState("failed"); // told by the button, which can be pressed again
    }
  };
  return (
    <Button small look="quiet" icon="file" disabled={disabled || state === "busy"} onClick={() => void save()}>
      {state === "failed" ? "Not saved: try again" : "Save as CSV"}
    </Button>
  );
}
