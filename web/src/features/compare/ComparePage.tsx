/** Two to six backtests side by side. */
import { Link, useSearchParams } from "wouter";
import { marketDay } from "@/format/times";
import { paramLine } from "@/format/words";
import { ButtonLink, IconButton } from "@/ui/Button";
import { Empty, Notice, Skeleton } from "@/ui/Notice";
import { PageHead } from "@/ui/PageHead";
import { runPath } from "@/ui/run/words";
import { useTitle } from "@/ui/title";
import { CurvesPanel, Swatch } from "./CurvesPanel";
import { caveats } from "./judge";
import { FEWEST, letterOf, MOST, pickPath, readKeys } from "./keys";
import { Problems } from "./Problems";
import type { Problem } from "./Problems";
import { MetricsPanel, SettingsPanel } from "./Tables";
import { useCompared } from "./useCompared";
import type { Ready } from "./useCompared";
import "./compare.css";

export function ComparePage() {
  const [search, setSearch] = useSearchParams();
  const { keys, left } = readKeys(search);
  const compared = useCompared(keys);
  const ready = compared.filter((each): each is Ready => each.is === "ready");
  const problems = compared.filter((each): each is Problem => each.is !== "ready" && each.is !== "loading");
  useTitle(keys.length < FEWEST ? "Compare" : `Compare ${String(keys.length)} runs`);
  const drop = (runKey: string): void =>
    setSearch((before) => {
      before.set("runs", keys.filter((key) => key !== runKey).join(","));
      return before;
    });
  return (
    <div className="stack">
      <PageHead
        title="Compare"
        actions={
          keys.length > 0 && (
            <ButtonLink icon="plus" href={pickPath(keys)}>
              Pick other runs
            </ButtonLink>
          )
        }
      >
        <p className="soft">Two to six backtests side by side.</p>
      </PageHead>
      {left > 0 && <Notice tone="warn" title={`Only the first ${String(MOST)} runs of the address are shown.`} />}
      <Problems problems={problems} />
      {keys.length < FEWEST ? (
        <TooFew keys={keys} />
      ) : compared.some(({ is }) => is === "loading") ? (
        <Skeleton tall />
      ) : ready.length > 0 ? (
        <Sides runs={ready} onDrop={drop} />
      ) : null}
    </div>
  );
}

const TooFew = ({ keys }: { keys: readonly string[] }) => (
  <div className="panel">
    <Empty title="Choose two to six backtests">
      <p>
        {keys.length === 1
          ? "One run has nothing to be compared with. Pick another one in the list."
          : "Pick them in the list of runs by the boxes at their left."}
      </p>
      <ButtonLink look="primary" href={pickPath(keys)}>
        Go to the runs
      </ButtonLink>
    </Empty>
  </div>
);

function Sides({ runs, onDrop }: { runs: readonly Ready[]; onDrop: (runKey: string) => void }) {
  const warnings = runs.length > 1 ? caveats(runs.map(({ result }) => result)) : [];
  return (
    <>
      <ul className="sides" aria-label="Runs compared">
        {runs.map((each, index) => (
          <Side key={each.runKey} side={each} index={index} onDrop={onDrop} />
        ))}
      </ul>
      {warnings.length > 0 && <Notice title={warnings.join(" ")} />}
      <CurvesPanel runs={runs} />
      <MetricsPanel runs={runs} />
      <SettingsPanel runs={runs} />
    </>
  );
}

function Side({ side, index, onDrop }: { side: Ready; index: number; onDrop: (runKey: string) => void }) {
  const { run, runKey } = side;
  return (
    <li className="side panel">
      <Swatch index={index} />
      <div>
        <Link href={runPath("backtest", runKey)} className="run-name" title={runKey}>
          {run.strategyName}
        </Link>
        <p className="small soft">{run.label ?? paramLine(run.parameters)}</p>
        <p className="small faint">
          {run.assetName} · {run.timeFrame} · {marketDay(run.startTime)} – {marketDay(run.endTime)}
        </p>
      </div>
      <IconButton label={`Take ${letterOf(index)} out`} icon="cancel" onClick={() => onDrop(runKey)} />
    </li>
  );
}
