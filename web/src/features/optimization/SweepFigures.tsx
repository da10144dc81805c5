/** A finished optimization at a glance: its best trial, and what became of the others. */
import type { OptimizationResult, StatusBody } from "@/api/types";
import { compact, whole } from "@/format/numbers";
import { span } from "@/format/times";
import { spoken } from "@/format/words";
import { ButtonLink } from "@/ui/Button";
import { Figures, toneOf } from "@/ui/Facts";
import { Empty, Notice } from "@/ui/Notice";
import { variedNames } from "@/ui/run/axes";
import { isMetric, metricName, METRICS, showMetric } from "@/ui/run/metrics";
import { shown } from "@/ui/run/SettingsFacts";
import { trialPath } from "./trialPath";

export function SweepFigures({ run, result }: { run: StatusBody; result: OptimizationResult }) {
  const { best, sortBy } = result;
  return (
    <>
      {result.warnings.length > 0 && (
        <Notice tone="warn" title="Mind this:">
          {result.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </Notice>
      )}
      <section className="panel sweep-figures" aria-label="Key figures">
        <header>
          <h2>Best trial</h2>
          {best && (
            <span className="push">
              <ButtonLink small href={trialPath(run.runKey, best.parameters)}>
                Backtest it
              </ButtonLink>
            </span>
          )}
        </header>
        {best ? (
          <Figures
            figures={[
              {
                name: metricName(sortBy),
                value: showMetric(sortBy, best.value),
                tone: isMetric(sortBy) && METRICS[sortBy].signed ? toneOf(best.value) : undefined,
              },
              ...variedNames(run.axes ?? {}).map((name) => ({
                name: spoken(name),
                value: shown(best.parameters[name] ?? "–"),
              })),
            ]}
          />
        ) : (
          <Empty title="No trial completed">
            <p>Every combination failed; the reasons are below.</p>
          </Empty>
        )}
        <Counts run={run} result={result} />
      </section>
    </>
  );
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
      {perSecond !== null && ` · ${compact(perSecond)} trials/s`} · {result.mode}
      {run.stopReason && ` · stopped: ${run.stopReason}`}
    </p>
  );
}
