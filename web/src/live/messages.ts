/** What the socket carries, decoded from `unknown` before anything else sees it. */
import type { Rev, RunInfo, RunState, StatusBody } from "@/api/types";

export interface TopicRun {
  runKey: string;
  rev: Rev;
  run: RunInfo;
  state: RunState;
  queuePosition: number | null;
}

export type ServerMessage =
  | { type: "welcome"; storeId: string; server: string }
  | { type: "snapshot"; runKey: string; rev: Rev; run?: RunInfo; state?: RunState; current?: boolean }
  | { type: "update"; runKey: string; attempt: number; rev: Rev; state: RunState }
  | { type: "topic"; topic: string; runs: TopicRun[] }
  | { type: "changed"; topic: string; data: unknown }
  | { type: "removed"; runKey: string; rev: Rev }
  | { type: "unsubscribed" }
  | { type: "pong"; id: number | string }
  | { type: "error"; code: string; detail: string };

/** What a poll of the status brings: it joins the same state as what the socket brings. */
export interface PolledStatus {
  type: "polled";
  body: StatusBody;
}

export type ClientMessage =
  | { type: "subscribe"; id: number; runKey: string; rev?: Rev; attempt?: number }
  | { type: "subscribe"; id: number; topic: string }
  | { type: "unsubscribe"; id: number; runKey: string }
  | { type: "unsubscribe"; id: number; topic: string }
  | { type: "ping"; id: number };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRev = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number");

/** Which fields a message must have for the reducer to rely on it. */
const checks: Record<ServerMessage["type"], (message: Record<string, unknown>) => boolean> = {
  welcome: (m) => typeof m["storeId"] === "string",
  snapshot: (m) =>
    typeof m["runKey"] === "string" &&
    isRev(m["rev"]) &&
    (m["current"] === true || (isObject(m["run"]) && isObject(m["state"]))),
  update: (m) => typeof m["runKey"] === "string" && isRev(m["rev"]) && isObject(m["state"]),
  topic: (m) => typeof m["topic"] === "string" && Array.isArray(m["runs"]),
  changed: (m) => typeof m["topic"] === "string",
  removed: (m) => typeof m["runKey"] === "string" && isRev(m["rev"]),
  unsubscribed: () => true,
  pong: () => true,
  error: (m) => typeof m["code"] === "string",
};

/** The messages of one frame, in order; those that are malformed or of a newer kind are left out. */
export function decodeFrame(text: string): ServerMessage[] {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [];
  }
  return (Array.isArray(body) ? body : [body]).filter(isServerMessage);
}

function isServerMessage(value: unknown): value is ServerMessage {
  if (!isObject(value) || typeof value["type"] !== "string" || !Object.hasOwn(checks, value["type"])) return false;
  return checks[value["type"] as ServerMessage["type"]](value);
}
