/** From what is typed of a search to its part of the request; what is left empty is left to the server. */
import type { RequestBody } from "@/api/types";
import { FITNESS } from "@/ui/run/metrics";
import { FILTER_NAMES, isChoosing } from "./search";
import type { SearchDraft } from "./search";

/** Reads a number and notes at the path when it is none. */
export type ReadNumber = (path: string, text: string) => number;

export function searchBody(search: SearchDraft, read: ReadNumber): Partial<RequestBody> {
  const optional = <Name extends string>(name: Name, text: string, path: string = name) =>
    (text.trim() === "" ? {} : { [name]: read(path, text) }) as Partial<Record<Name, number>>;
  const filters = Object.assign(
    {},
    ...FILTER_NAMES.map((name) => optional(name, search.filters[name], `filters.${name}`)),
  ) as NonNullable<RequestBody["filters"]>;
  const stopRules = {
    ...optional("noImprovementTrials", search.noImprovementTrials, "stopRules.noImprovementTrials"),
    ...optional("targetMetric", search.targetMetric, "stopRules.targetMetric"),
  };
  const conditions = search.conditions.map((condition) => condition.trim()).filter(Boolean);
  return {
    sortBy: search.sortBy,
    ...(search.method === "grid" ? {} : { method: search.method }),
    ...(isChoosing(search.method) ? { ...optional("budget", search.budget), ...optional("seed", search.seed) } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(search.method === "nsga2" ? { objectives: [...search.objectives] } : {}),
    ...(search.method === "walkForward" ? { walkForward: walkForwardOf(search, read) } : {}),
    ...(search.sortBy === FITNESS ? fitnessOf(search, read) : {}),
    ...(Object.keys(filters).length > 0 ? { filters } : {}),
    ...(Object.keys(stopRules).length > 0 ? { stopRules } : {}),
    ...optional("timeBudgetSeconds", search.timeBudgetSeconds),
    ...optional("trialTimeoutSeconds", search.trialTimeoutSeconds),
    ...optional("keepCurves", search.keepCurves),
    ...optional("maxCombinations", search.maxCombinations),
  };
}

const walkForwardOf = (search: SearchDraft, read: ReadNumber): NonNullable<RequestBody["walkForward"]> => ({
  windows: read("walkForward.windows", search.windows),
  outOfSamplePct: read("walkForward.outOfSamplePct", search.outOfSamplePct),
  anchored: search.anchored,
  objective: search.objective,
});

/** Without weights the fitness is what the server makes it. */
function fitnessOf({ weights }: SearchDraft, read: ReadNumber): Pick<RequestBody, "fitness"> {
  if (weights.length === 0) return {};
  const entryOf = ({ metric, weight }: SearchDraft["weights"][number]) =>
    [metric, read(`fitness.weights.${metric}`, weight)] as const;
  return { fitness: { weights: Object.fromEntries(weights.map(entryOf)) } };
}
