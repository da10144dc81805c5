/** One run in the list: what it is, how far it is or what came of it, and what can be done. */
import { memo } from "react";
import { Link } from "wouter";
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";
import { whole } from "@/format/numbers";
import { ago, localTime, marketDay, span } from "@/format/times";
import { paramLine } from "@/format/words";
import { useIsRemoved, useLiveRun } from "@/live/context";
import { overlay } from "@/live/runs";
import { useNow } from "@/ui/clock";
import { SyntheticPill } from "@/ui/Pill";
import { RunProgress } from "@/ui/run/RunProgress";
import { runPath } from "@/ui/run/words";
import { canBePicked } from "./pick";
import { RunActions } from "./RunActions";
import { RunOutcome } from "./RunOutcome";

interface RunRowProps {
  item: StatusBody;
  synthetic: boolean;
  picked: boolean;
  /** Whether one more may be picked. */
  room: boolean;
  onPick: (runKey: string) => void;
}

/** Draws itself when its own run moves, and at no other time. */
export const RunRow = memo(function RunRow({ item, synthetic, picked, room, onPick }: RunRowProps) {
  const run = overlay(item, useLiveRun(item.runKey));
  const over = isTerminal(run.status);
  const name = run.label ?? run.strategyName;
  // gone before the list has been asked again
  if (useIsRemoved(item.runKey)) return null;
  return (
    <li className="run-row" data-run={run.runKey} data-status={run.status}>
      <span className="run-pick">
        {canBePicked(run) && (
          <input
            type="checkbox"
            aria-label={`Pick ${name} to compare`}
            title="Pick to compare"
            checked={picked}
            disabled={!picked && !room}
            onChange={() => onPick(run.runKey)}
          />
        )}
      </span>
      <div className="run-what">
        <p className="row">
          <Link href={runPath(run.kind, run.runKey)} className="run-name">
            {run.strategyName}
          </Link>
          <span className="kind">{run.kind === "optimization" ? "Optimization" : "Backtest"}</span>
          {synthetic && <SyntheticPill />}
        </p>
        <p className="small soft">
          {run.assetName} · {run.exchange} · {run.timeFrame} · {marketDay(run.startTime)} – {marketDay(run.endTime)}
        </p>
        <p className="small faint clip">
          {run.label ?? (run.kind === "backtest" ? paramLine(run.parameters) : axesLine(run))}
        </p>
      </div>
      <div className="run-state">{over ? <RunOutcome run={run} /> : <RunProgress run={run} />}</div>
      <When run={run} />
      <RunActions kind={run.kind} runKey={run.runKey} name={name} over={over} stopping={run.cancelRequested} />
    </li>
  );
});

function axesLine(run: StatusBody): string {
  const free = Object.entries(run.axes ?? {}).filter(([, axis]) => axis.fixed === undefined);
  const size = `${whole(run.total)} ${run.total === 1 ? "combination" : "combinations"}`;
  return free.length === 0 ? size : `${size} over ${free.map(([name]) => name).join(", ")}`;
}

function When({ run }: { run: StatusBody }) {
  const now = useNow();
  return (
    <div className="run-when small faint">
      <time dateTime={run.submittedAt} title={localTime(run.submittedAt)}>
        {ago(run.submittedAt, now)}
      </time>
      {run.startedAt && <p className="num">{span(run.elapsedMs)}</p>}
    </div>
  );
}
