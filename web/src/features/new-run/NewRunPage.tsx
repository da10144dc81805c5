/** Choose a strategy and data, set what it runs with, and see what it costs before it starts. */
import type { DatasetInfo, StrategyInfo } from "@/api/types";
import { newestOf, seriesName, useDatasets, useStrategies } from "@/live/catalogue";
import { ButtonLink } from "@/ui/Button";
import { Empty, Failure, Notice, Skeleton } from "@/ui/Notice";
import { PageHead } from "@/ui/PageHead";
import { BrokenFiles } from "@/ui/run/BrokenFiles";
import { useTitle } from "@/ui/title";
import { freshDraft, withRequest } from "./draft";
import type { Draft } from "./draft";
import { RunForm } from "./RunForm";
import { usePrefill } from "./usePrefill";
import type { Prefill } from "./usePrefill";
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
  const { draft, notes } = begin(prefill, strategies, datasets);
  return (
    <div className="stack">
      {notes.length > 0 && (
        <Notice tone="warn" title="Check this before you submit:">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Notice>
      )}
      <RunForm key={JSON.stringify(prefill)} initial={draft} {...{ strategies, broken, datasets }} />
    </div>
  );
}

/** The form as it opens, and what could not be taken over. */
function begin(
  { kind, request }: Prefill,
  strategies: readonly StrategyInfo[],
  datasets: readonly DatasetInfo[],
): { draft: Draft; notes: string[] } {
  const notes: string[] = [];
  const strategy = strategies.find(({ name }) => name === request.strategyName) ?? strategies[0];
  const dataset = datasets.find((each) => seriesName(each) === seriesName({ ...NO_SERIES, ...request })) ?? datasets[0];
  if (!strategy || !dataset) throw new Error("The page asks for strategies and data before it opens the form.");
  if (request.strategyName && request.strategyName !== strategy.name)
    notes.push(`${request.strategyName} is not loaded any more; ${strategy.name} is chosen in its place.`);
  if (request.assetName && request.assetName !== dataset.assetName)
    notes.push(
      `${request.assetName} of ${request.exchange ?? "?"} is no longer there; ${seriesName(dataset)} is chosen.`,
    );
  const further = request.dataSubscriptions?.slice(1) ?? [];
  if (further.length > 0)
    notes.push(`This form takes one series; it leaves out ${further.map(seriesName).join(", ")}.`);
  if (request.cashFlows?.length)
    notes.push(`This form takes no cash flows; it leaves out ${request.cashFlows.join(", ")}.`);
  return { draft: withRequest(freshDraft(kind, strategy, dataset), request, strategy), notes };
}

const NO_SERIES = { assetName: "", exchange: "", timeFrame: "" };
