/** The request that gives a run again, as far as its record tells. */
import type { AxisBody, Params, RequestBody, StatusBody } from "./types";

/**
 * From the stored request, or from the settings of the result. A run that never completed may carry neither: then
 * null, and a form prefilled by `sketchOf` is all that can be offered.
 */
export function requestOf(run: StatusBody): RequestBody | null {
  const stored = run.request ?? run.result?.settings;
  if (!stored) return null;
  return { ...(stored as Partial<RequestBody>), ...sketchOf(run), ...sortOf(run) } as RequestBody;
}

/** The settings of a result leave out what its search was told; the result names it beside them. */
function sortOf({ result }: StatusBody): Partial<RequestBody> {
  return result && "sortBy" in result ? { sortBy: result.sortBy } : {};
}

/** What every run tells of itself: strategy, data, period, parameters or axes; not the costs. */
export function sketchOf(run: StatusBody): Partial<RequestBody> {
  return {
    strategyName: run.strategyName,
    assetName: run.assetName,
    exchange: run.exchange,
    timeFrame: run.timeFrame,
    startTime: run.startTime,
    endTime: run.endTime,
    ...(run.label ? { label: run.label } : {}),
    ...(run.parameters ? { strategyParameters: run.parameters as Params } : {}),
    ...(run.axes ? { axes: run.axes as Record<string, AxisBody> } : {}),
  };
}
