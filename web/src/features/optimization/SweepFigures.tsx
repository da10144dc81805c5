/** A finished optimization at a glance: its best trial, and what became of the others. */
import type { MetricName, OptimizationResult, StatusBody } from "@/api/types";
import { compact, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { spoken } from "@/format/words";
import { ButtonLink } from "@/ui/Button";
import { Figures, toneOf } from "@/ui/Facts";
import type { FigureProps } from "@/ui/Facts";
import { Empty } from "@/ui/Notice";
import { variedNames } from "@/ui/run/axes";
import { isMetric, metricName, METRICS, showMetric } from "@/ui/run/metrics";
import { shown } from "@/ui/run/SettingsFacts";
import { BestCurve } from "./progress/BestCurve";
import type { Ranking } from "./progress/useBestCurve";
import type { TrialLink } from "./trialLinks";

const SHOWN: readonly MetricName[] = ["netProfit", "totalReturnPct", "maxDrawdownPct", "sharpeRatio", "totalTrades"];

interface SweepFiguresProps {
  run: StatusBody;
  result: OptimizationResult;
  ranking: Ranking | undefined;
  linkOf: TrialLink;
}

export function SweepFigures({ run, result, ranking, linkOf }: SweepFiguresProps) {
  const { best } = result;
  const index = result.trials?.find(({ trialKey }) => trialKey === best?.trialKey)?.index;
  const href = best && linkOf({ parameters: best.parameters, index });
  return (
    <section className="panel sweep-figures" aria-label="Key figures" data-testid="best">
      <header>
        <h2>Best trial</h2>
        {best && (
          <>
            <ul className="row">
              {variedNames(run.axes ?? {}).map((name) => (
                <li className="parameter" key={name}>
                  {spoken(name)} <strong className="num">{shown(best.parameters[name] ?? "–")}</strong>
                </li>
              ))}
            </ul>
            {href && (
              <span className="push">
                <ButtonLink small href={href}>
                  Backtest it
                </ButtonLink>
              </span>
            )}
          </>
        )}
      </header>
      {best ? (
        <Figures figures={figuresOf(result)} />
      ) : (
        <Empty title="No trial completed">
          <p>Every combination failed; the reasons are below.</p>
        </Empty>
      )}
      <BestCurve run={run} ranking={ranking} />
      <Counts run={run} result={result} />
    </section>
  );
}

/** What was sought first; the rest of the best trial's metrics as far as the answer brought it along. */
function figuresOf({ best, sortBy, trials }: OptimizationResult): FigureProps[] {
  const metrics = trials?.find(({ trialKey }) => trialKey === best?.trialKey)?.metrics;
  if (!metrics) return [{ name: metricName(sortBy), value: showMetric(sortBy, best?.value) }];
  const fitness = { name: metricName(sortBy), value: showMetric(sortBy, best?.value) };
  const names = isMetric(sortBy) ? [sortBy, ...SHOWN.filter((name) => name !== sortBy)] : SHOWN;
  const figures = names.map((name) => ({
    name: METRICS[name].name,
    value: METRICS[name].show(metrics[name]),
    tone: METRICS[name].signed || name === "maxDrawdownPct" ? toneOf(metrics[name]) : undefined,
    title: METRICS[name].meaning,
  }));
  return isMetric(sortBy) ? figures : [fitness, ...figures];
}

function Counts({ run, result }: { run: StatusBody; result: OptimizationResult }) {
  const counts: [number, string][] = [
    [result.completed, "completed"],
    [result.failed, "failed"],
    [result.filtered, "filtered out"],
    [result.skipped, "skipped"],
    [result.reused, "known before"],
  ];
  const told = counts
    .filter(([count], index) => count > 0 || index === 0)
    .map(([count, what]) => `${whole(count)} ${what}`);
  const perSecond = result.durationMs > 0 ? (1000 * result.completed) / result.durationMs : null;
  return (
    <p className="counts small soft num" data-testid="counts">
      {whole(result.totalCombinations)} combinations: {told.join(", ")} · {span(result.durationMs)}
      {perSecond !== null && ` · ${compact(perSecond)} combinations/s`} · {result.mode}
      {run.stopReason && ` · stopped: ${run.stopReason}`}
    </p>
  );
}
