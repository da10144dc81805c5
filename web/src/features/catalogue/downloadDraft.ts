/** What is typed into the form of downloads, and the request that it means. */
import type { DownloadRequest } from "@/api/types";

export interface DownloadDraft {
  exchange: string;
  symbol: string;
  timeFrame: string;
  /** Days, as inputs hold them. */
  startTime: string;
  endTime: string;
}

export const NO_DRAFT: DownloadDraft = { exchange: "", symbol: "", timeFrame: "", startTime: "", endTime: "" };

const NEEDED = ["exchange", "symbol", "timeFrame", "startTime"] as const;

export const missingIn = (draft: DownloadDraft): (keyof DownloadDraft)[] =>
  NEEDED.filter((name) => draft[name].trim() === "");

/** The last day is part of the period; without one it reaches to now. */
export function requestOf(draft: DownloadDraft): DownloadRequest {
  const [exchange, symbol, timeFrame] = [draft.exchange.trim(), draft.symbol.trim(), draft.timeFrame.trim()];
  const startTime = `${draft.startTime}T00:00:00Z`;
  return {
    exchange,
    symbol,
    timeFrame,
    startTime,
    ...(draft.endTime ? { endTime: `${draft.endTime}T23:59:59Z` } : {}),
  };
}
