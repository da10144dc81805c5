/** The runs that the reader has picked to compare, as the page's address keeps them. */
import { isTerminal } from "@/api/types";
import type { StatusBody } from "@/api/types";

export const MOST_PICKED = 6;
const FEWEST_PICKED = 2;

export const readPicked = (search: URLSearchParams): readonly string[] =>
  (search.get("pick") ?? "").split(",").filter((key) => key !== "");

/** Takes the key out when it is there, else adds it while there is room. */
export function toggled(picked: readonly string[], runKey: string): readonly string[] {
  if (picked.includes(runKey)) return picked.filter((key) => key !== runKey);
  return picked.length < MOST_PICKED ? [...picked, runKey] : picked;
}

export const isEnough = (picked: readonly string[]): boolean => picked.length >= FEWEST_PICKED;

export const comparePath = (picked: readonly string[]): string => `/compare?runs=${picked.join(",")}`;

/** Two curves can be laid over each other only when they are there. */
export const canBePicked = (run: StatusBody): boolean =>
  run.kind === "backtest" && isTerminal(run.status) && run.resultAttempt !== null;
