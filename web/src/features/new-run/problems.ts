/** Where in the form the server's complaints belong. */
import type { ApiError } from "@/api/http";
import type { StrategyInfo } from "@/api/types";
import type { FieldErrors } from "./body";
import type { Draft } from "./draft";
import { searchPaths } from "./search";

/** Paths of the contract whose control goes by another path. */
const ALIASES: Record<string, string> = {
  exchange: "assetName",
  timeFrame: "assetName",
  dataSubscriptions: "assetName",
  "axes.dataSubscription": "assetName",
  commissionPerTrade: "commission.value",
  commission: "commission.value",
  account: "account.leverage",
};

/** The paths that have a control in the form as it stands. */
export function shownPaths(draft: Draft, strategy: StrategyInfo): ReadonlySet<string> {
  const isSweep = draft.kind === "optimization";
  const names = strategy.parameters.flatMap(({ name }) =>
    isSweep ? axisPaths(name, draft.axes[name]?.mode === "range") : [`strategyParameters.${name}`],
  );
  const margin = draft.account === "margin" ? ["account.leverage", "account.maintenanceRate"] : [];
  return new Set([...ALWAYS, ...margin, ...(isSweep ? searchPaths(draft.search) : []), ...names]);
}

/** An axis, and the boxes of its range. */
const axisPaths = (name: string, isRange: boolean): string[] =>
  isRange ? ["", ".min", ".max", ".step"].map((part) => `axes.${name}${part}`) : [`axes.${name}`];

const ALWAYS = [
  "strategyName",
  "assetName",
  "cashFlows",
  "startTime",
  "endTime",
  "initialCash",
  "commission.value",
  "commission.minimum",
  "slippageTicks",
  "label",
];

export interface Sorted {
  readonly fields: FieldErrors;
  /** What belongs to no field of this form. */
  readonly rest: readonly string[];
}

/** `shown`: the paths for which the form has a control. */
export function sortErrors(error: ApiError | null, shown: ReadonlySet<string>): Sorted {
  const fields = new Map<string, string>();
  if (!error) return { fields, rest: [] };
  const rest: string[] = [];
  for (const { path, message } of error.errors) {
    const place = [path, ...parents(path)].map((each) => ALIASES[each] ?? each).find((each) => shown.has(each));
    if (place === undefined) rest.push(path ? `${path}: ${message}` : message);
    else fields.set(place, fields.has(place) ? `${fields.get(place) ?? ""}; ${message}` : message);
  }
  return { fields, rest: error.errors.length > 0 ? rest : [error.detail] };
}

/** `axes.fastPeriod.min` → `axes.fastPeriod`, `axes`. */
function parents(path: string): string[] {
  const parts = path.split(/[.[]/);
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join("."));
}
