/** One cell of the heat map in words, and the way to its backtest. */
import type { Fold, Params, Surface } from "@/api/types";
import { whole } from "@/format/numbers";
import { spoken } from "@/format/words";
import { ButtonLink } from "@/ui/Button";
import { toneOf } from "@/ui/Facts";
import { isMetric, metricName, METRICS, showMetric } from "@/ui/run/metrics";
import { shown } from "@/ui/run/SettingsFacts";
import { trialPath } from "../trialPath";
import { factsOf, parametersOf } from "./grid";
import type { Cell } from "./grid";

interface ReadingProps {
  id: string;
  runKey: string;
  surface: Surface;
  cell: Cell | null;
  /** Whether it stays when the pointer goes, so that it can be acted on. */
  chosen: boolean;
  /** The parameters that the map does not show are those of the best trial. */
  others: Params | undefined;
}

const FOLDED: Record<Fold, string> = { best: "the best of", median: "the median of", mean: "the mean of" };

export function CellReading({ id, runKey, surface, cell, chosen, others }: ReadingProps) {
  if (!cell)
    return (
      <p className="reading small faint" id={id} role="status" data-no-picture>
        Point at a cell to read it, click to choose it. The ring marks the best trial.
      </p>
    );
  const facts = factsOf(surface, cell);
  const { spans, value, count } = facts;
  const signed = isMetric(surface.metric) && METRICS[surface.metric].signed === true;
  return (
    <div className="reading" data-testid="cell">
      <div id={id} role="status">
        <p className="row">
          {spans.map(({ name, from, to }) => (
            <span className="parameter" key={name}>
              {spoken(name)}{" "}
              <strong className="num">{from === to ? shown(from) : `${shown(from)} – ${shown(to)}`}</strong>
            </span>
          ))}
        </p>
        <p>
          <span className="faint">{metricName(surface.metric)} </span>
          <strong className={`num ${(signed && toneOf(value)) || ""}`}>{showMetric(surface.metric, value)}</strong>
        </p>
        <p className="small faint">{wordsOf(count, value, surface.fold)}</p>
      </div>
      {chosen && count > 0 && (
        <>
          <ButtonLink small href={trialPath(runKey, { ...others, ...parametersOf(facts) })}>
            Backtest this cell
          </ButtonLink>
          {count > 1 && (
            <p className="small faint">
              With {spans.some(({ from, to }) => from !== to) && "the first of each bin, "}the other parameters as in
              the best trial.
            </p>
          )}
        </>
      )}
    </div>
  );
}

function wordsOf(count: number, value: number | null, fold: Fold): string {
  if (value === null) return "No trial with this metric.";
  return count === 1 ? "One trial." : `As ${FOLDED[fold]} ${whole(count)} trials.`;
}
