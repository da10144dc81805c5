/** From a request to the form as it opens, as far as strategies and data are there. */
import type { DatasetInfo, RequestBody, RunKind, SeriesName, StrategyInfo } from "@/api/types";
import { isSameSeries, seriesName } from "@/live/catalogue";
import { freshDraft, withRequest } from "./draft";
import type { Draft } from "./draft";

export interface Prefill {
  kind: RunKind;
  request: Partial<RequestBody>;
}

export interface Begun {
  draft: Draft;
  /** What the request names and nobody has. */
  missing: readonly string[];
}

/** Null without a strategy or a series to choose. */
export function begin(
  { kind, request }: Prefill,
  strategies: readonly StrategyInfo[],
  datasets: readonly DatasetInfo[],
): Begun | null {
  const asked = seriesOf(request);
  const found = asked.map((series) => datasets.find((each) => isSameSeries(each, series)));
  const strategy = strategies.find(({ name }) => name === request.strategyName) ?? strategies[0];
  const dataset = found.find((each) => each !== undefined) ?? datasets[0];
  if (!strategy || !dataset) return null;
  const missing: string[] = [];
  if (request.strategyName && request.strategyName !== strategy.name)
    missing.push(`The strategy ${request.strategyName} is not loaded.`);
  asked.forEach((series, at) => found[at] ?? missing.push(`There is no series ${seriesName(series)}.`));
  if (request.strategyName === strategy.name) missing.push(...unknownNames(request, strategy));
  const further = found.filter((each) => each !== undefined && each !== dataset).map((each) => each?.id ?? "");
  const draft = withRequest(freshDraft(kind, strategy, dataset), request, strategy);
  return { draft: { ...draft, further, each: request.axes?.[SERIES_AXIS] !== undefined }, missing };
}

const SERIES_AXIS = "dataSubscription";

/** The main series first. */
function seriesOf({ assetName, exchange, timeFrame, dataSubscriptions, axes }: Partial<RequestBody>): SeriesName[] {
  const along = axes?.[SERIES_AXIS]?.values?.filter((value) => typeof value === "object");
  if (along) return along;
  if (dataSubscriptions) return dataSubscriptions;
  return assetName ? [{ assetName, exchange: exchange ?? "?", timeFrame: timeFrame ?? "?" }] : [];
}

function unknownNames({ axes, strategyParameters }: Partial<RequestBody>, strategy: StrategyInfo): string[] {
  const known = new Set([SERIES_AXIS, ...strategy.parameters.map(({ name }) => name)]);
  return Object.keys({ ...axes, ...strategyParameters })
    .filter((name) => !known.has(name))
    .map((name) => `${strategy.name} has no parameter ${name}.`);
}
