/** The form of a new backtest, filled in with a trial's parameters. */
import type { Params } from "@/api/types";

export const trialPath = (runKey: string, parameters: Params): string =>
  `/new?${new URLSearchParams({ from: "optimization", key: runKey, trial: JSON.stringify(parameters) }).toString()}`;
