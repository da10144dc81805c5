/** The request that the form begins with: a run's, a trial's, or what a link names. */
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { spelledOut } from "@/api/request";
import { fetchRun } from "@/api/runs";
import type { Params, RequestBody, RunKind } from "@/api/types";
import type { Prefill } from "./begin";
import { trialRequest } from "./trialRequest";

const isKind = (text: string | null): text is RunKind => text === "backtest" || text === "optimization";

/** Undefined while the run is fetched. */
export function usePrefill(): { prefill: Prefill | undefined; error: Error | null } {
  const [search] = useSearchParams();
  const [from, key, trial] = [search.get("from"), search.get("key"), search.get("trial")];
  const kind = isKind(from) ? from : null;
  const { data, error } = useQuery({
    queryKey: ["stored", kind, key],
    queryFn: () => fetchRun(kind ?? "backtest", key ?? ""),
    enabled: kind !== null && key !== null,
  });
  if (kind === null || key === null) return { prefill: named(search), error: null };
  if (!data) return { prefill: undefined, error };
  const request = spelledOut(data);
  const parameters = trial === null ? null : parametersIn(trial);
  if (!parameters) return { prefill: { kind, request }, error: null };
  const [start, end] = [search.get("start"), search.get("end")];
  const period = start && end ? { startTime: start, endTime: end } : {};
  return { prefill: { kind: "backtest", request: { ...trialRequest(request, parameters), ...period } }, error: null };
}

function named(search: URLSearchParams): Prefill {
  const request: Partial<RequestBody> = {};
  for (const [name, field] of [
    ["strategy", "strategyName"],
    ["asset", "assetName"],
    ["exchange", "exchange"],
    ["timeFrame", "timeFrame"],
  ] as const) {
    const value = search.get(name);
    if (value) request[field] = value;
  }
  return { kind: search.get("kind") === "optimization" ? "optimization" : "backtest", request };
}

/** The parameters in a link; null when it was mangled on its way. */
function parametersIn(text: string): Params | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Params) : null;
  } catch {
    return null;
  }
}
