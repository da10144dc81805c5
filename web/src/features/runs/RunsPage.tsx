/** All runs of both kinds, those under way moving. */
import { useCallback, useContext, useMemo } from "react";
import { useSearchParams } from "wouter";
import type { DatasetInfo, StatusBody } from "@/api/types";
import { isTerminal } from "@/api/types";
import { whole, wholePercent } from "@/format/numbers";
import { newestOf, seriesName, useDatasets } from "@/live/catalogue";
import { bodyOf } from "@/live/runs";
import { useLiveRuns } from "@/live/context";
import { Button, ButtonLink } from "@/ui/Button";
import { Empty, Failure, Skeleton } from "@/ui/Notice";
import { PageHead } from "@/ui/PageHead";
import { shareOf } from "@/ui/run/words";
import { UnderWay, useTitle } from "@/ui/title";
import { isNarrowed, readFilter, SORTS, widened } from "./filter";
import type { ListFilter } from "./filter";
import { Filters } from "./Filters";
import { MachineHealth } from "./MachineHealth";
import { MOST_PICKED, readPicked, toggled } from "./pick";
import { PickedBar } from "./PickedBar";
import { RunRow } from "./RunRow";
import { FIRST, MORE, useRunList } from "./useRunList";
import type { RunList } from "./useRunList";
import "./runs.css";

export function RunsPage() {
  const [search, setSearch] = useSearchParams();
  const filter = readFilter(search);
  const picked = readPicked(search);
  const wanted = Math.max(FIRST, Number(search.get("shown")) || 0);
  const list = useRunList(filter, wanted);

  const put = useCallback(
    (name: string, value: string): void => setSearch((before) => withValue(before, name, value), { replace: true }),
    [setSearch],
  );
  const onSearch = useCallback((value: string) => put("q", value), [put]);
  const onPick = useCallback(
    (runKey: string): void =>
      setSearch((before) => withValue(before, "pick", toggled(readPicked(before), runKey).join(",")), {
        replace: true,
      }),
    [setSearch],
  );
  return (
    <>
      <RunningTitle />
      <PageHead
        title="Runs"
        actions={
          <>
            <MachineHealth />
            <ButtonLink href="/new" look="primary" icon="plus">
              New run
            </ButtonLink>
          </>
        }
      >
        <p className="soft" role="status">
          {countText(list, filter)}
        </p>
      </PageHead>
      <Filters filter={filter} onValue={put} onSearch={onSearch} />
      <Runs
        list={list}
        filter={filter}
        picked={picked}
        onPick={onPick}
        onMore={() => put("shown", String(list.items.length + MORE))}
        onWiden={() => setSearch(widened, { replace: true })}
      />
      <PickedBar picked={picked} onClear={() => put("pick", "")} />
    </>
  );
}

/** The address with another value; another filter begins at the first page. */
function withValue(before: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(before);
  if (value) next.set(name, value);
  else next.delete(name);
  if (name !== "shown" && name !== "pick") next.delete("shown");
  return next;
}

function countText(list: RunList, filter: ListFilter): string {
  if (list.isLoading) return "Loading…";
  if (list.error) return "Not known now";
  const order = SORTS.find(([sort]) => sort === filter.sort)?.[1].toLowerCase() ?? "";
  return `${whole(list.total)} ${isNarrowed(filter) ? "found" : "in all"}, ${order}`;
}

/** As many may glide at once. */
const FEW = 12;

interface RunsProps {
  list: RunList;
  filter: ListFilter;
  picked: readonly string[];
  onPick: (runKey: string) => void;
  onMore: () => void;
  onWiden: () => void;
}

function Runs({ list, filter, picked, onPick, onMore, onWiden }: RunsProps) {
  const isSynthetic = useSynthetic();
  const isCrowded = useContext(UnderWay) > FEW;
  if (list.error) return <Failure error={list.error} onRetry={list.retry} />;
  if (list.isLoading) return <Skeleton tall />;
  if (list.items.length === 0) return isNarrowed(filter) ? <NothingFound onWiden={onWiden} /> : <NothingYet />;
  return (
    <>
      <ul
        className={["panel runs", list.isStale && "stale", isCrowded && "many"].filter(Boolean).join(" ")}
        aria-label="Runs"
        aria-busy={list.isStale}
      >
        {list.items.map((item) => (
          <RunRow
            key={item.runKey}
            item={item}
            synthetic={isSynthetic(item)}
            picked={picked.includes(item.runKey)}
            room={picked.length < MOST_PICKED}
            onPick={onPick}
          />
        ))}
      </ul>
      {list.hasMore && (
        <div className="more">
          <Button onClick={onMore} disabled={list.isLoadingMore}>
            {list.isLoadingMore ? "Loading…" : "Show more runs"}
          </Button>
          <p className="small faint num">
            {whole(list.items.length)} of {whole(list.total)}
          </p>
        </div>
      )}
    </>
  );
}

/** Whether a run's bars were generated, as far as its series is still in the catalogue. */
function useSynthetic(): (run: StatusBody) => boolean {
  const { data } = useDatasets();
  const names = useMemo(() => syntheticNames(data ?? []), [data]);
  return (run) => names.has(seriesName(run));
}

const syntheticNames = (datasets: readonly DatasetInfo[]): ReadonlySet<string> =>
  new Set(
    newestOf(datasets)
      .filter(({ synthetic }) => synthetic)
      .map(seriesName),
  );

const NothingFound = ({ onWiden }: { onWiden: () => void }) => (
  <div className="panel">
    <Empty title="No run matches">
      <p>Try another word, or show every status and kind.</p>
      <Button onClick={onWiden}>Show all runs</Button>
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

/** The tab tells how far the one run is that moves, also while one looks elsewhere. */
function RunningTitle() {
  const active = [...useLiveRuns().values()].filter(({ state }) => !isTerminal(state.status));
  const [first] = active;
  const alone = active.length === 1 && first !== undefined;
  useTitle(alone ? `${wholePercent(shareOf(bodyOf(first)))} · ${first.run.strategyName}` : "Runs", alone);
  return null;
}
