/** The form of a new backtest, filled in with a trial's parameters. */
import type { Params } from "@/api/types";

/** `period`: in place of the optimization's own. */
export const trialPath = (runKey: string, parameters: Params, period?: { start: string; end: string }): string =>
  `/new?${new URLSearchParams({
    ...{ from: "optimization", key: runKey, trial: JSON.stringify(parameters) },
    ...period,
  }).toString()}`;
