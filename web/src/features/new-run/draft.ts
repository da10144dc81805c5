/** The form of a new run as one value: everything that is typed, as it is typed. */
import type {
  AxisBody,
  CashFlowKind,
  DatasetInfo,
  ParameterInfo,
  RequestBody,
  RunKind,
  StrategyInfo,
} from "@/api/types";
import { fieldOf } from "@/format/instants";
import { freshSearch, searchOf } from "./search";
import type { SearchDraft } from "./search";

export type AxisMode = "fixed" | "range" | "values";

export interface AxisDraft {
  readonly mode: AxisMode;
  readonly min: string;
  readonly max: string;
  readonly step: string;
  /** Separated by commas. */
  readonly values: string;
}

export interface Draft {
  readonly kind: RunKind;
  readonly strategyName: string;
  /** The id of a data set: the newest version of its series. */
  readonly datasetId: string;
  /** The ids of the further series. */
  readonly further: readonly string[];
  /** Whether an optimization runs on each series by itself; else a run sees all of them at once. */
  readonly each: boolean;
  readonly cashFlows: readonly CashFlowKind[];
  readonly start: string;
  readonly end: string;
  /** One value for each parameter: a backtest's, and a fixed axis'. */
  readonly values: Readonly<Record<string, string>>;
  readonly axes: Readonly<Record<string, AxisDraft>>;
  readonly search: SearchDraft;
  readonly initialCash: string;
  readonly commissionModel: "rate" | "perOrder" | "perUnit";
  /** A rate as percent, else an amount of quote currency. */
  readonly commission: string;
  readonly commissionMinimum: string;
  readonly slippageTicks: string;
  readonly account: "cash" | "margin";
  readonly leverage: string;
  readonly maintenanceRate: string;
  readonly closeAtEnd: boolean;
  readonly label: string;
  /** Fields of a request that the form has no control for: they travel along as they are. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const COSTS = {
  initialCash: "10000",
  commissionModel: "rate",
  commission: "0.1",
  commissionMinimum: "",
  slippageTicks: "0",
  account: "cash",
  leverage: "1",
  maintenanceRate: "",
  closeAtEnd: false,
  label: "",
} as const;

export function freshDraft(kind: RunKind, strategy: StrategyInfo, dataset: DatasetInfo): Draft {
  return {
    kind,
    ...COSTS,
    ...{ further: [], each: false, cashFlows: [], search: freshSearch, rest: {} },
    ...ofDataset(dataset),
    ...ofStrategy(strategy),
  };
}

/** What choosing a strategy brings: its parameters at their defaults, and the axes that it proposes. */
export function ofStrategy(strategy: StrategyInfo): Pick<Draft, "strategyName" | "values" | "axes"> {
  const proposed =
    (strategy.templates as { optimization?: { axes?: Record<string, AxisBody> } }).optimization?.axes ?? {};
  return {
    strategyName: strategy.name,
    values: Object.fromEntries(strategy.parameters.map(({ name, default: value }) => [name, String(value)])),
    axes: Object.fromEntries(strategy.parameters.map((info) => [info.name, axisDraft(info, proposed[info.name])])),
  };
}

/** What choosing a data set brings: all of its period. */
export const ofDataset = (dataset: DatasetInfo): Pick<Draft, "datasetId" | "start" | "end"> => ({
  datasetId: dataset.id,
  start: fieldOf(dataset.first),
  end: fieldOf(dataset.last),
});

/** A stored request over a fresh form; what it does not tell stays as it is. */
export function withRequest(fresh: Draft, request: Partial<RequestBody>, strategy: StrategyInfo): Draft {
  const { strategyParameters: given = {}, axes = {}, account } = request;
  const values = { ...fresh.values };
  const drafts = { ...fresh.axes };
  for (const info of strategy.parameters) {
    const value = given[info.name] ?? axes[info.name]?.fixed;
    if (value !== undefined) values[info.name] = String(value);
    if (axes[info.name]) drafts[info.name] = axisDraft(info, axes[info.name]);
  }
  return {
    ...fresh,
    ...costsOf(request),
    values,
    axes: drafts,
    ...(request.startTime ? { start: fieldOf(request.startTime) } : {}),
    ...(request.endTime ? { end: fieldOf(request.endTime) } : {}),
    search: searchOf(request),
    cashFlows: request.cashFlows ?? [],
    rest: Object.fromEntries(Object.entries(request).filter(([name]) => !FIELDS.has(name))),
    ...(request.initialCash === undefined ? {} : { initialCash: String(request.initialCash) }),
    ...(request.slippageTicks === undefined ? {} : { slippageTicks: String(request.slippageTicks) }),
    ...(account ? accountOf(account) : {}),
    ...(request.closeAtEnd === undefined ? {} : { closeAtEnd: request.closeAtEnd }),
    ...(request.label ? { label: request.label } : {}),
  };
}

/** The fields of a request that have a control. */
const FIELDS: ReadonlySet<string> = new Set<keyof RequestBody>([
  ...(["strategyName", "assetName", "exchange", "timeFrame", "dataSubscriptions", "cashFlows"] as const),
  ...(["startTime", "endTime", "initialCash", "commissionPerTrade", "commission", "slippageTicks"] as const),
  ...(["closeAtEnd", "label", "force", "strategyParameters", "axes", "conditions", "method", "budget"] as const),
  ...(["seed", "sortBy", "objectives", "fitness", "filters", "stopRules", "timeBudgetSeconds"] as const),
  ...(["trialTimeoutSeconds", "keepCurves", "maxCombinations", "walkForward", "account"] as const),
]);

const accountOf = ({ type, leverage, maintenanceRate }: NonNullable<RequestBody["account"]>): Partial<Draft> => ({
  account: type,
  leverage: String(leverage ?? 1),
  maintenanceRate: text(maintenanceRate),
});

function costsOf({ commission, commissionPerTrade }: Partial<RequestBody>): Partial<Draft> {
  const given =
    commission ?? (commissionPerTrade === undefined ? null : { model: "rate" as const, value: commissionPerTrade });
  if (!given) return {};
  const minimum = "minimum" in given && given.minimum ? String(given.minimum) : "";
  return {
    commissionModel: given.model,
    commission: given.model === "rate" ? scaled(given.value, 100) : String(given.value),
    commissionMinimum: minimum,
  };
}

/** An axis as the form shows it; those parts that it does not use are proposed, for when its mode changes. */
function axisDraft(info: ParameterInfo, axis: AxisBody | undefined): AxisDraft {
  const mode: AxisMode = axis?.values ? "values" : axis?.min !== undefined ? "range" : "fixed";
  const listed = info.type === "bool" ? ["true", "false"] : (info.choices ?? [String(info.default)]);
  return {
    mode,
    min: text(axis?.min ?? info.min ?? info.default),
    max: text(axis?.max ?? info.max ?? info.default),
    step: text(axis?.step ?? info.step ?? (info.type === "int" ? 1 : "")),
    values: axis?.values?.join(", ") ?? listed.join(", "),
  };
}

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** Times a power of ten without the tail that binary fractions leave. */
export const scaled = (value: number, by: number): string => String(Number((value * by).toPrecision(14)));
