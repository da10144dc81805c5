/** One trial of an optimization as a backtest. */
import type { Params, RequestBody } from "@/api/types";

/** The settings of the optimization with the trial's parameters; on its series, where that was an axis. */
export function trialRequest(request: RequestBody, trial: Params): Partial<RequestBody> {
  const { axes = {}, ...rest } = request;
  const { dataSubscription, ...strategyParameters } = trial;
  const single: Partial<RequestBody> = { ...rest, strategyParameters };
  delete single.label; // it names the sweep, not the one trial
  const series = axes["dataSubscription"]?.values?.find(
    (each) =>
      typeof each === "object" && [each.assetName, each.exchange, each.timeFrame].join("/") === dataSubscription,
  );
  if (typeof series === "object") delete single.dataSubscriptions;
  return typeof series === "object" ? { ...single, ...series } : single;
}
