/** How an optimization searches, as it is typed. */
import type { Filters, Method, RequestBody } from "@/api/types";
import { FITNESS } from "@/ui/run/metrics";

export type FilterName = keyof Filters;
export type Direction = "max" | "min";

export interface SearchDraft {
  readonly method: Method;
  readonly sortBy: string;
  readonly budget: string;
  readonly seed: string;
  /** One in each row; empty rows say nothing. */
  readonly conditions: readonly string[];
  readonly objectives: readonly { readonly metric: string; readonly direction: Direction }[];
  /** Of the fitness, by metric. */
  readonly weights: readonly { readonly metric: string; readonly weight: string }[];
  readonly filters: Readonly<Record<FilterName, string>>;
  readonly noImprovementTrials: string;
  readonly targetMetric: string;
  readonly timeBudgetSeconds: string;
  readonly trialTimeoutSeconds: string;
  readonly keepCurves: string;
  readonly maxCombinations: string;
  readonly windows: string;
  readonly outOfSamplePct: string;
  readonly anchored: boolean;
  readonly objective: string;
}

const NO_FILTERS: Readonly<Record<FilterName, string>> = {
  minTotalTrades: "",
  minNetProfit: "",
  minProfitFactor: "",
  maxDrawdownPct: "",
  minSharpeRatio: "",
  minSortinoRatio: "",
  minAnnualReturnPct: "",
};
export const FILTER_NAMES = Object.keys(NO_FILTERS) as FilterName[];

export const freshSearch: SearchDraft = {
  method: "grid",
  sortBy: "netProfit",
  budget: "",
  seed: "",
  conditions: [],
  objectives: [
    { metric: "netProfit", direction: "max" },
    { metric: "maxDrawdownPct", direction: "max" },
  ],
  weights: [
    { metric: "sharpeRatio", weight: "1" },
    { metric: "maxDrawdownPct", weight: "0.1" },
  ],
  filters: NO_FILTERS,
  noImprovementTrials: "",
  targetMetric: "",
  timeBudgetSeconds: "",
  trialTimeoutSeconds: "",
  keepCurves: "",
  maxCombinations: "",
  windows: "5",
  outOfSamplePct: "25",
  anchored: false,
  objective: "sharpeRatio",
};

/** The methods that choose what they try: they have a budget and a seed. */
export const isChoosing = (method: Method): boolean => method !== "grid" && method !== "walkForward";

/** What a request tells of the search over a fresh draft. */
export function searchOf(request: Partial<RequestBody>): SearchDraft {
  const { objectives, fitness, filters = {}, stopRules = {}, walkForward = {} } = request;
  const bounds = FILTER_NAMES.map((name) => [name, text(filters[name])]);
  return {
    ...freshSearch,
    method: request.method ?? freshSearch.method,
    sortBy: request.sortBy ?? freshSearch.sortBy,
    budget: text(request.budget),
    seed: text(request.seed),
    conditions: request.conditions ?? [],
    ...(objectives?.length ? { objectives } : {}),
    ...(fitness ? { weights: weightsOf(fitness.weights) } : {}),
    filters: Object.fromEntries(bounds) as SearchDraft["filters"],
    noImprovementTrials: text(stopRules.noImprovementTrials),
    targetMetric: text(stopRules.targetMetric),
    timeBudgetSeconds: text(request.timeBudgetSeconds),
    trialTimeoutSeconds: text(request.trialTimeoutSeconds),
    keepCurves: text(request.keepCurves),
    maxCombinations: text(request.maxCombinations),
    windows: text(walkForward.windows ?? freshSearch.windows),
    outOfSamplePct: text(walkForward.outOfSamplePct ?? freshSearch.outOfSamplePct),
    anchored: walkForward.anchored ?? false,
    objective: walkForward.objective ?? freshSearch.objective,
  };
}

const weightsOf = (weights: Record<string, number>): SearchDraft["weights"] =>
  Object.entries(weights).map(([metric, weight]) => ({ metric, weight: String(weight) }));

const text = (value: number | string | undefined): string => (value === undefined ? "" : String(value));

/** The path of each condition that says something, null of an empty row: the server counts what it is sent. */
export function conditionPaths(conditions: readonly string[]): readonly (string | null)[] {
  let sent = 0;
  return conditions.map((condition) => (condition.trim() === "" ? null : `conditions[${String(sent++)}]`));
}

/** The paths that have a control while the search is as it is. */
export function searchPaths({ method, sortBy, conditions, objectives, weights }: SearchDraft): readonly string[] {
  return [
    ...["method", "sortBy", "conditions", "filters", "stopRules", "timeBudgetSeconds", "trialTimeoutSeconds"],
    ...["keepCurves", "maxCombinations", "stopRules.noImprovementTrials", "stopRules.targetMetric"],
    ...FILTER_NAMES.map((name) => `filters.${name}`),
    ...conditionPaths(conditions).filter((path) => path !== null),
    ...(isChoosing(method) ? ["budget", "seed"] : []),
    ...(method === "nsga2" ? ["objectives", ...objectives.map((_, at) => `objectives[${String(at)}]`)] : []),
    ...(method === "walkForward" ? WALK_FORWARD : []),
    ...(sortBy === FITNESS ? ["fitness", ...weights.map(({ metric }) => `fitness.weights.${metric}`)] : []),
  ];
}

const WALK_FORWARD = [
  "walkForward",
  "walkForward.windows",
  "walkForward.outOfSamplePct",
  "walkForward.anchored",
  "walkForward.objective",
];
