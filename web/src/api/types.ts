/** The contract's names for what the server sends; generated from the OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type RunKind = "backtest" | "optimization";
export type RunStatus = Schemas["RunState"]["status"];
export type RunInfo = Schemas["RunInfo"];
export type RunState = Schemas["RunState"];
export type Leader = Schemas["Leader"];
export type ParamValue = boolean | number | string;
export type Params = Record<string, ParamValue>;
/** `[generation, seq]`: compared as a pair, a later state of a run is always greater. */
export type Rev = readonly [number, number];

export type Metrics = Schemas["Metrics"];
export type MetricName = keyof Metrics;
export type BacktestResult = Schemas["BacktestResult"];
export type OptimizationResult = Omit<Schemas["OptimizationResult"], "robustness" | "walkForward"> & {
  robustness: Robustness | null;
  walkForward: WalkForwardResult | null;
  /** Of several objectives the keys of the trials that no other one beats in all. */
  paretoFront?: string[] | null;
};
export type RunResult = BacktestResult | OptimizationResult;
export type Trial = Schemas["Trial"];
export type RoundTrip = Schemas["RoundTrip"];
/** A row of bars: its first instant, prices, volume. */
export type BarRow = readonly [tsMs: number, open: number, high: number, low: number, close: number, volume: number];
export type Marker = Schemas["Marker"];
export interface Bars {
  readonly rows: readonly BarRow[];
  /** Milliseconds that a row spans. */
  readonly interval: number;
  readonly markers: readonly Marker[];
  /** A value a row. */
  readonly indicators: Readonly<Record<string, readonly (number | null)[]>>;
}
export type Order = Schemas["Order"];
export type OrderStatus = Order["status"];
export type LoggedEvent = Omit<Schemas["Event"], "d"> & { d: Record<string, unknown> };
export type EventType = LoggedEvent["_t"];
export type EquityPoint = readonly [tsMs: number, equity: number, drawdownPct: number];

export type StrategyInfo = Schemas["StrategyInfo"];
export type ParameterInfo = Schemas["ParameterInfo"];
export type DatasetInfo = Schemas["DatasetInfo"];
export type SeriesName = Schemas["DataSubscription"];
export type DatasetKind = DatasetInfo["kind"];
export type CashFlowKind = Exclude<DatasetKind, "bars">;
export type Method = Schemas["OptimizationRequest"]["method"] & string;
export type Filters = Schemas["Filters"];
/** An axis as a run tells it. */
export type Axis = Schemas["Axis"];
export type Download = Schemas["Download"];
export type DownloadRequest = Schemas["DownloadRequest"];
export type SystemInfo = Schemas["System"];
export type Submission = Schemas["Submission"];
export type Evaluation = Schemas["Evaluation"];
export type CancelAnswer = Schemas["CancelAnswer"];
export type Problem = Schemas["Problem"];
export type FieldError = Schemas["FieldError"];

/** The flat object of `GET …/status`, of `GET …/{runKey}` and (without `result`) of list items. */
export type StatusBody = RunInfo &
  RunState & {
    rev: [number, number];
    queuePosition: number | null;
    resultAttempt: number | null;
    stopReason?: string | null;
    result?: RunResult | null;
    metrics?: Partial<Metrics> | null;
  };

/** The stored run: with the submission that it came from. */
export type StoredRun = StatusBody & { request: RequestBody };

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  totalCount: number;
}

/** How good the best trials' neighbours are, and what the best Sharpe ratio is worth after so many trials. */
export interface Robustness {
  deflatedSharpe?: number | null;
  trials?: number;
  leaders?: {
    trialKey: string;
    value: number | null;
    neighbours: number;
    median: number | null;
    spread: number | null;
  }[];
}

export interface WalkWindow {
  index: number;
  inSampleStart: string;
  inSampleEnd: string;
  outOfSampleStart: string;
  outOfSampleEnd: string;
  parameters?: Params | null;
  inSampleValue?: number | null;
  outOfSampleValue?: number | null;
  efficiency?: number | null;
  metrics?: Partial<Metrics> | null;
}

/** What a walk-forward optimization came to out of sample. */
export interface WalkForwardResult {
  windows?: WalkWindow[];
  efficiency?: number | null;
  metrics?: Partial<Metrics> | null;
  equity?: { points: EquityPoint[]; total: number } | null;
}

/** How the trials of one cell become one value. */
export type Fold = "best" | "median" | "mean";

/** The trials over two of their parameters: rows are y, columns x; null where no value is known. */
export interface Surface {
  x: string;
  y: string;
  metric: string;
  fold: Fold;
  /** Of a bin the first value. */
  xValues: ParamValue[];
  yValues: ParamValue[];
  /** The first and the last value of each bin; null where every value has its own. */
  xBins: [ParamValue, ParamValue][] | null;
  yBins: [ParamValue, ParamValue][] | null;
  values: (number | null)[][];
  /** The trials that each value comes from. */
  counts: number[][];
  trials: number;
  total: number;
  min: number | null;
  max: number | null;
}

/** Some trials as columns, best first by the first of `metrics`. */
export type Sample = Schemas["Sample"];
/** How a metric is spread over all trials. */
export type Distribution = Schemas["Distribution"];

/** What an axis of an optimization may be. */
export interface AxisBody {
  min?: number;
  max?: number;
  step?: number;
  /** Of the axis `dataSubscription` names of series. */
  values?: (ParamValue | SeriesName)[];
  fixed?: ParamValue;
}

/** A submission's body; the optional rest of the contract travels along untouched. */
export interface RequestBody {
  strategyName: string;
  strategyVersion?: string;
  assetName?: string;
  exchange?: string;
  timeFrame?: string;
  /** In place of the three: several series, the main one first. */
  dataSubscriptions?: SeriesName[];
  cashFlows?: CashFlowKind[];
  startTime: string;
  endTime: string;
  initialCash: number;
  commissionPerTrade?: number;
  commission?: { model: "rate" | "perOrder" | "perUnit"; value: number; minimum?: number };
  slippageTicks?: number;
  account?: { type: "cash" | "margin"; leverage?: number; maintenanceRate?: number };
  closeAtEnd?: boolean;
  riskFreeRate?: number;
  label?: string;
  eventLog?: boolean;
  force?: boolean;
  strategyParameters?: Params;
  axes?: Record<string, AxisBody>;
  conditions?: string[];
  method?: Method;
  budget?: number;
  seed?: number;
  sortBy?: string;
  objectives?: Schemas["Objective"][];
  fitness?: { weights: Record<string, number> };
  filters?: Filters;
  stopRules?: Schemas["StopRules"];
  timeBudgetSeconds?: number;
  trialTimeoutSeconds?: number;
  keepCurves?: number;
  maxCombinations?: number;
  walkForward?: Partial<Schemas["WalkForward"]>;
}

export const isTerminal = (status: RunStatus): boolean =>
  status === "Completed" || status === "Failed" || status === "Cancelled";

/** `backtests` or `optimizations`, as paths spell the kind. */
export const plural = (kind: RunKind): "backtests" | "optimizations" => `${kind}s`;
