/** How a trial is run as a backtest: over the period that it was run over. */
import type { Params, WalkForwardResult, WalkWindow } from "@/api/types";
import { trialPath } from "./trialPath";

interface Known {
  parameters: Params;
  /** Its place among all; a leader that an update tells does not say. */
  index?: number | undefined;
}

/** Where a trial becomes a backtest; null while its period is not known. */
export type TrialLink = (trial: Known) => string | null;

interface Sweep {
  runKey: string;
  total: number;
  /** Undefined until the submission is known. */
  method: string | undefined;
  walk: WalkForwardResult | null | undefined;
}

/** Of a walk-forward each trial is of the part in sample of one window, of anything else of the whole period. */
export function trialLinks({ runKey, total, method, walk }: Sweep): TrialLink {
  const isWalk = Boolean(walk) || method === "walkForward";
  if (!isWalk) return ({ parameters }) => (method === undefined ? null : trialPath(runKey, parameters));
  const windows = walk?.windows ?? [];
  return ({ parameters, index }) => {
    const window = index === undefined ? undefined : windowOf(windows, total, index);
    return window ? trialPath(runKey, parameters, { start: window.inSampleStart, end: window.inSampleEnd }) : null;
  };
}

/** The window of a trial: every combination is run in the first one, then every one in the next, and so on. */
export function windowOf(windows: readonly WalkWindow[], total: number, index: number): WalkWindow | undefined {
  const each = total / windows.length;
  return windows.length > 0 && each > 0 ? windows[Math.floor(index / each)] : undefined;
}
