/** All runs of both kinds, those under way moving. */
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import type { RunKind } from "@/api/types";
import { isTerminal } from "@/api/types";
import { whole, wholePercent } from "@/format/numbers";
import { bodyOf } from "@/live/runs";
import { useLiveRuns } from "@/live/context";
import { Button, ButtonLink } from "@/ui/Button";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { PageHead } from "@/ui/PageHead";
import { shareOf } from "@/ui/run/words";
import { Segments } from "@/ui/Segments";
import { useTitle } from "@/ui/title";
import { RunRow } from "./RunRow";
import { useRunList } from "./useRunList";
import type { ListFilter, RunList } from "./useRunList";
import "./runs.css";

const KINDS = [
  ["all", "All"],
  ["backtest", "Backtests"],
  ["optimization", "Optimizations"],
] as const;

const STATUSES = [
  ["", "Any status"],
  ["Pending,Running", "Under way"],
  ["Completed", "Completed"],
  ["Failed", "Failed"],
  ["Cancelled", "Cancelled"],
] as const;

const isKind = (value: string | null): value is RunKind => value === "backtest" || value === "optimization";

export function RunsPage() {
  const [search, setSearch] = useSearchParams();
  const kind = search.get("kind");
  const filter: ListFilter = {
    kind: isKind(kind) ? kind : "all",
    status: search.get("status") ?? "",
    q: search.get("q") ?? "",
  };
  const put = (name: string, value: string): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const list = useRunList(filter);
  return (
    <>
      <RunningTitle />
      <PageHead
        title="Runs"
        actions={
          <ButtonLink href="/new" look="primary" icon="plus">
            New run
          </ButtonLink>
        }
      >
        <p className="soft">
          {list.isLoading ? "Loading…" : list.error ? "Not known now" : `${whole(list.total)} in all, newest first`}
        </p>
      </PageHead>
      <div className="filters">
        <Segments
          label="Kind"
          value={filter.kind}
          options={KINDS}
          onValue={(value) => put("kind", value === "all" ? "" : value)}
        />
        <select
          className="input status-filter"
          aria-label="Status"
          value={filter.status}
          onChange={(event) => put("status", event.target.value)}
        >
          {STATUSES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <SearchBox value={filter.q} onValue={(value) => put("q", value)} />
      </div>
      <Runs list={list} isFiltered={filter.q !== "" || filter.status !== "" || filter.kind !== "all"} />
    </>
  );
}

function Runs({ list, isFiltered }: { list: RunList; isFiltered: boolean }) {
  if (list.error) return <Failure error={list.error} onRetry={list.retry} />;
  if (list.isLoading) return <Skeleton tall />;
  if (list.items.length === 0) return isFiltered ? <NothingFound /> : <NothingYet />;
  return (
    <>
      <ul className="panel runs" aria-label="Runs">
        {list.items.map((item) => (
          <RunRow key={item.runKey} item={item} />
        ))}
      </ul>
      {list.hasMore && (
        <div className="more">
          <Button onClick={list.loadMore} disabled={list.isLoadingMore}>
            {list.isLoadingMore ? "Loading…" : "Show older runs"}
          </Button>
        </div>
      )}
    </>
  );
}

const NothingFound = () => (
  <div className="panel">
    <Empty title="No run matches">
      <p>Try another word, or show every status and kind.</p>
      <ButtonLink href="/">Show all runs</ButtonLink>
    </Empty>
  </div>
);

const NothingYet = () => (
  <div className="panel">
    <Empty title="No runs yet">
      <p>Choose a strategy and a data set, and see bar by bar how it would have done.</p>
      <ButtonLink href="/new" look="primary" icon="plus">
        Start the first run
      </ButtonLink>
    </Empty>
  </div>
);

const TYPING_MS = 250;

/** Asks the server when the reader has stopped typing, not at every letter. */
function SearchBox({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onValue(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onValue]);
  return (
    <input
      type="search"
      className="input search"
      placeholder="Strategy, label or RunKey"
      aria-label="Search"
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

/** The tab tells how far the work is, also while one looks elsewhere. */
function RunningTitle() {
  const active = [...useLiveRuns().values()].filter(({ state }) => !isTerminal(state.status));
  const [first] = active;
  useTitle(
    first === undefined
      ? "Runs"
      : active.length === 1
        ? `${wholePercent(shareOf(bodyOf(first)))} ${first.run.strategyName}`
        : `${whole(active.length)} under way`,
  );
  return null;
}
