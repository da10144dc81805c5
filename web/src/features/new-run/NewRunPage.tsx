/** Choose a strategy and data, set what it runs with, and see what it costs before it starts. */
import type { DatasetInfo, StrategyInfo } from "@/api/types";
import { newestOf, useDatasets, useStrategies } from "@/live/catalogue";
import { ButtonLink } from "@/ui/Button";
import { Empty, Failure, Notice, Skeleton } from "@/ui/Notice";
import { PageHead } from "@/ui/PageHead";
import { BrokenFiles } from "@/ui/run/BrokenFiles";
import { useTitle } from "@/ui/title";
import { begin } from "./begin";
import type { Prefill } from "./begin";
import { RunForm } from "./RunForm";
import { usePrefill } from "./usePrefill";
import "./new-run.css";

export function NewRunPage() {
  useTitle("New run");
  return (
    <>
      <PageHead title="New run">
        <p className="soft">One backtest, or an optimization over ranges of parameters.</p>
      </PageHead>
      <Loaded />
    </>
  );
}

function Loaded() {
  const strategies = useStrategies();
  const datasets = useDatasets();
  const { prefill, error: notThere } = usePrefill();
  const error = strategies.error ?? datasets.error;
  if (error && !(strategies.data && datasets.data))
    return <Failure error={error} onRetry={() => void Promise.all([strategies.refetch(), datasets.refetch()])} />;
  if (notThere) return <Failure error={notThere} />;
  if (!strategies.data || !datasets.data || !prefill) return <Skeleton tall />;
  const usable = strategies.data.filter(({ error: broken }) => broken === null);
  const broken = strategies.data.filter(({ error: why }) => why !== null);
  const series = newestOf(datasets.data);
  if (usable.length === 0)
    return (
      <div className="stack">
        <Empty title="No strategy is loaded">
          <p>Put a Python file into the folder of strategies: it is found at once.</p>
        </Empty>
        <BrokenFiles strategies={broken} />
      </div>
    );
  if (series.length === 0)
    return (
      <div className="panel">
        <Empty title="There is no data yet">
          <p>A run needs a series of bars. Upload a file to begin.</p>
          <ButtonLink href="/catalogue#upload" look="primary" icon="plus">
            Upload data
          </ButtonLink>
        </Empty>
      </div>
    );
  return <Started prefill={prefill} strategies={usable} broken={broken} datasets={series} />;
}

interface StartedProps {
  prefill: Prefill;
  strategies: readonly StrategyInfo[];
  broken: readonly StrategyInfo[];
  datasets: readonly DatasetInfo[];
}

function Started({ prefill, strategies, broken, datasets }: StartedProps) {
  const begun = begin(prefill, strategies, datasets);
  if (!begun) throw new Error("The page asks for strategies and data before it opens the form.");
  return (
    <div className="stack">
      {begun.missing.length > 0 && (
        <Notice tone="warn" title="Check this before you submit: what was missing has been left out or replaced.">
          {begun.missing.map((each) => (
            <p key={each}>{each}</p>
          ))}
        </Notice>
      )}
      <RunForm key={JSON.stringify(prefill)} initial={begun.draft} {...{ strategies, broken, datasets }} />
    </div>
  );
}
