/** A request as JSON text, both ways. */
import type { RequestBody, RunKind } from "@/api/types";
import type { Prefill } from "./begin";

export const textOf = (body: RequestBody | null): string => (body ? JSON.stringify(body, null, 2) : "");

type Read = { prefill: Prefill; problem: null } | { prefill: null; problem: string };

/** Of `kind` unless the text names parameters or axes; its values the server judges. */
export function requestIn(text: string, kind: RunKind): Read {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return no(error instanceof Error ? `This is no JSON: ${error.message}` : "This is no JSON.");
  }
  if (!isObject(body)) return no("A request is an object: { … }.");
  const wrong = misshapen(body);
  if (wrong) return no(wrong);
  const told = body["axes"] ? "optimization" : body["strategyParameters"] ? "backtest" : kind;
  return { prefill: { kind: told, request: body as Partial<RequestBody> }, problem: null };
}

const OBJECTS = [
  "strategyParameters",
  "axes",
  "filters",
  "stopRules",
  "walkForward",
  "fitness",
  "account",
  "commission",
];
const LISTS = ["conditions", "objectives", "dataSubscriptions", "cashFlows"];

/** What the form could not even show; null when it can. */
function misshapen(body: Record<string, unknown>): string | null {
  const object = OBJECTS.find((name) => body[name] !== undefined && !isObject(body[name]));
  if (object) return `${object} must be an object: { … }.`;
  const list = LISTS.find((name) => body[name] !== undefined && !Array.isArray(body[name]));
  if (list) return `${list} must be a list: [ … ].`;
  const weights = body["fitness"] && (body["fitness"] as Record<string, unknown>)["weights"];
  if (body["fitness"] && !isObject(weights)) return "fitness.weights must be an object: { … }.";
  if (!every(body["conditions"], (each) => typeof each === "string")) return "Each of conditions must be a text.";
  if (!every(body["objectives"], isObject)) return "Each of objectives must be an object: { … }.";
  if (!every(body["dataSubscriptions"], isObject)) return "Each of dataSubscriptions must be an object: { … }.";
  const axis = Object.entries((body["axes"] ?? {}) as Record<string, unknown>).find(([, each]) => !isAxis(each));
  return axis ? `axes.${axis[0]} must be an object, its values a list: { "values": [ … ] }.` : null;
}

const every = (list: unknown, is: (each: unknown) => boolean): boolean =>
  list === undefined || (list as unknown[]).every(is);

const isAxis = (value: unknown): boolean =>
  isObject(value) && (value["values"] === undefined || Array.isArray(value["values"]));

const no = (problem: string): Read => ({ prefill: null, problem });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
