/** The request that gives a run again. */
import type { AxisBody, RequestBody, StoredRun } from "./types";

/** As it was submitted, but for `force`: that was about the attempt, not about the run. */
export function requestOf({ request }: StoredRun): RequestBody {
  const again = { ...request };
  delete again.force;
  return again;
}

/** The same with everything spelled out that a submission may leave to defaults: for a form. */
export function spelledOut(run: StoredRun): RequestBody {
  const { strategyName, assetName, exchange, timeFrame, startTime, endTime, parameters, axes } = run;
  const request = requestOf(run);
  delete request.strategyVersion; // the form runs the strategy as it is loaded now
  return {
    ...request,
    ...{ strategyName, assetName, exchange, timeFrame, startTime, endTime },
    ...(parameters ? { strategyParameters: parameters } : {}),
    ...(axes ? { axes: axes as Record<string, AxisBody> } : {}),
  };
}
