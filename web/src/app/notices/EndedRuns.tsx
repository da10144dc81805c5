/** Tells quietly of the runs that ended while one looked elsewhere. */
import { memo, useEffect, useState, useSyncExternalStore } from "react";
import { Link, useLocation } from "wouter";
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { useWatched } from "@/live/context";
import { useOutcome } from "@/live/useOutcome";
import type { Watch, Watched } from "@/live/watched";
import { Button, IconButton } from "@/ui/Button";
import { StatusPill } from "@/ui/run/StatusPill";
import { runPath } from "@/ui/run/words";
import { showOnDesktop } from "./desktop";
import { endDetail, endTitle } from "./words";
import "./notices.css";

/** More at once than these are told by their number. */
const MOST_SHOWN = 2;
/** Within this a tab that is in sight has told what all of them hear. */
const OTHERS_TELL_MS = 600;

export function EndedRuns() {
  const watched = useWatched();
  return watched && <Told watched={watched} />;
}

function Told({ watched }: { watched: Watched }) {
  const watches = useSyncExternalStore(watched.onChange, watched.get);
  const [ended, setEnded] = useState<readonly StatusBody[]>([]);
  const [path] = useLocation();
  const elsewhere = ended.filter(({ kind, runKey }) => runPath(kind, runKey) !== path);
  const [onEnd] = useState(
    () =>
      (run: StatusBody): void =>
        setEnded((before) => [run, ...before.filter(({ runKey }) => runKey !== run.runKey)]),
  );
  // going to a run's page is to know of its end
  if (elsewhere.length < ended.length) setEnded(elsewhere);
  return (
    <div className="toasts" role="status" aria-live="polite" aria-label="Ended runs">
      {watches.map((watch) => (
        <Waiting key={watch.runKey} watch={watch} watched={watched} onEnd={onEnd} />
      ))}
      {elsewhere.slice(0, MOST_SHOWN).map((run) => (
        <Card key={run.runKey} run={run} onDismiss={() => setEnded(ended.filter((each) => each !== run))} />
      ))}
      {elsewhere.length > 1 && (
        <div className="row toast-foot">
          {elsewhere.length > MOST_SHOWN && <span>and {whole(elsewhere.length - MOST_SHOWN)} more</span>}
          <Button small onClick={() => setEnded([])}>
            Dismiss all
          </Button>
        </div>
      )}
    </div>
  );
}

function Card({ run, onDismiss }: { run: StatusBody; onDismiss: () => void }) {
  return (
    <article className="toast" data-testid="toast">
      <StatusPill run={run} />
      <div>
        <Link href={runPath(run.kind, run.runKey)}>{endTitle(run)}</Link>
        <p className="small soft clip">{endDetail(run)}</p>
      </div>
      <IconButton label={`Dismiss: ${endTitle(run)}`} icon="cancel" onClick={onDismiss} />
    </article>
  );
}

interface WaitingProps {
  watch: Watch;
  watched: Watched;
  onEnd: (run: StatusBody) => void;
}

/** Waits for one end. A tab in sight tells it and takes it from the others; one out of sight tells the desktop. */
const Waiting = memo(function Waiting({ watch, watched, onEnd }: WaitingProps) {
  const { ended, gone } = useOutcome(watch);
  const [, go] = useLocation();
  const visible = useVisible();
  const { runKey } = watch;
  const over = ended !== null;
  useEffect(() => {
    if (gone) watched.told(runKey);
    if (!ended) return;
    if (visible) {
      if (watched.isUntold(runKey) && !isInSight(runKey)) onEnd(ended);
      watched.told(runKey);
      return;
    }
    const timer = setTimeout(() => {
      if (!watched.isUntold(runKey)) watched.forget(runKey);
      else showOnDesktop(endTitle(ended), endDetail(ended), runKey, () => go(runPath(ended.kind, runKey)));
    }, OTHERS_TELL_MS);
    return () => clearTimeout(timer);
    // `ended` is made anew with every look; that there is one is what counts
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [over, gone, visible, watched, runKey]);
  return null;
});

/** Whether the list shows the run's row right now: who sees it end need not be told. */
function isInSight(runKey: string): boolean {
  const box = document.querySelector(`[data-run="${CSS.escape(runKey)}"]`)?.getBoundingClientRect();
  return box !== undefined && box.bottom > 0 && box.top < innerHeight;
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

const useVisible = (): boolean => useSyncExternalStore(onVisibility, () => document.visibilityState === "visible");
