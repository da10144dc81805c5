/** From what is typed to a request, or to what is missing in it. */
import type {
  AxisBody,
  DatasetInfo,
  ParameterInfo,
  ParamValue,
  RequestBody,
  SeriesName,
  StrategyInfo,
} from "@/api/types";
import { instantOf } from "@/format/instants";
import { scaled } from "./draft";
import type { AxisDraft, Draft } from "./draft";
import { searchBody } from "./searchBody";
import type { ReadNumber } from "./searchBody";

/** Messages by the path that the server would name. */
export type FieldErrors = ReadonlyMap<string, string>;

export interface Written {
  /** Null while something cannot even be sent; whether it is right the server says. */
  readonly body: RequestBody | null;
  readonly errors: FieldErrors;
}

/** `series`: what the draft names, the main one first. */
export function requestBody(draft: Draft, strategy: StrategyInfo, series: readonly DatasetInfo[]): Written {
  const errors = new Map<string, string>();
  const number = (path: string, text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    errors.set(path, "Enter a number.");
    return 0;
  };
  const instant = (path: string, text: string): string => {
    const value = instantOf(text);
    if (value === null) errors.set(path, "Enter a date and a time.");
    return value ?? "";
  };
  const given = number("commission.value", draft.commission);
  const body: RequestBody = {
    ...restOf(draft),
    strategyName: draft.strategyName,
    ...seriesOf(draft, series),
    ...(draft.cashFlows.length > 0 ? { cashFlows: [...draft.cashFlows] } : {}),
    startTime: instant("startTime", draft.start),
    endTime: instant("endTime", draft.end),
    initialCash: number("initialCash", draft.initialCash),
    commission: {
      model: draft.commissionModel,
      value: draft.commissionModel === "rate" ? Number(scaled(given, 0.01)) : given,
      ...(draft.commissionMinimum === "" ? {} : { minimum: number("commission.minimum", draft.commissionMinimum) }),
    },
    slippageTicks: number("slippageTicks", draft.slippageTicks),
    account: accountOf(draft, number),
    closeAtEnd: draft.closeAtEnd,
    ...(draft.label.trim() ? { label: draft.label.trim() } : {}),
    ...(draft.kind === "backtest"
      ? { strategyParameters: parametersOf(draft, strategy, number) }
      : {
          axes: { ...axesOf(draft, strategy, number, errors), ...seriesAxis(draft, series) },
          ...searchBody(draft.search, number),
        }),
  };
  return { body: errors.size > 0 ? null : body, errors };
}

export type RangePart = "min" | "max" | "step";

/** What a backtest takes of it. */
function restOf({ kind, rest }: Draft): Draft["rest"] {
  return kind === "optimization"
    ? rest
    : Object.fromEntries(Object.entries(rest).filter(([name]) => name !== OF_SWEEPS));
}

const OF_SWEEPS = "maxParallelism";

function accountOf({ account, leverage, maintenanceRate }: Draft, number: ReadNumber): RequestBody["account"] & object {
  if (account === "cash") return { type: "cash" };
  const kept = maintenanceRate === "" ? {} : { maintenanceRate: number("account.maintenanceRate", maintenanceRate) };
  return { type: "margin", leverage: number("account.leverage", leverage), ...kept };
}

/** Each series by itself is an axis. */
const isAxis = (draft: Draft, series: readonly DatasetInfo[]): boolean =>
  draft.kind === "optimization" && draft.each && series.length > 1;

const named = ({ assetName, exchange, timeFrame }: DatasetInfo): SeriesName => ({ assetName, exchange, timeFrame });

function seriesOf(draft: Draft, series: readonly DatasetInfo[]): Partial<RequestBody> {
  if (isAxis(draft, series)) return {};
  return series.length > 1 ? { dataSubscriptions: series.map(named) } : { ...series.map(named)[0] };
}

const seriesAxis = (draft: Draft, series: readonly DatasetInfo[]): Record<string, AxisBody> =>
  isAxis(draft, series) ? { dataSubscription: { values: series.map(named) } } : {};

function parametersOf(draft: Draft, strategy: StrategyInfo, number: ReadNumber): Record<string, ParamValue> {
  return Object.fromEntries(
    strategy.parameters.map((info) => [
      info.name,
      valueOf(info, draft.values[info.name] ?? "", (text) => number(`strategyParameters.${info.name}`, text)),
    ]),
  );
}

function axesOf(
  draft: Draft,
  strategy: StrategyInfo,
  number: ReadNumber,
  errors: Map<string, string>,
): Record<string, AxisBody> {
  const axes: Record<string, AxisBody> = {};
  for (const info of strategy.parameters) {
    const axis = draft.axes[info.name];
    const read = (text: string): number => number(`axes.${info.name}`, text);
    if (!axis || axis.mode === "fixed") axes[info.name] = { fixed: valueOf(info, draft.values[info.name] ?? "", read) };
    else if (axis.mode === "values")
      axes[info.name] = { values: listOf(axis.values).map((text) => valueOf(info, text, read)) };
    else axes[info.name] = rangeOf(axis, (part, text) => number(`axes.${info.name}.${part}`, text));
    if (axis?.mode === "range") judgeOrder(axis, `axes.${info.name}`, errors);
  }
  return axes;
}

const rangeOf = ({ min, max, step }: AxisDraft, read: (part: RangePart, text: string) => number): AxisBody => ({
  min: read("min", min),
  max: read("max", max),
  ...(step.trim() === "" ? {} : { step: read("step", step) }),
});

/** What is plain to see without knowing the strategy; the server would name the axis alone. */
function judgeOrder(axis: AxisDraft, path: string, errors: Map<string, string>): void {
  const [min, max, step] = [axis.min, axis.max, axis.step].map(Number);
  if (min === undefined || max === undefined || step === undefined) return;
  const say = (part: RangePart, message: string): unknown =>
    errors.has(`${path}.${part}`) || errors.set(`${path}.${part}`, message);
  if (min > max) say("min", "From exceeds To.");
  if (axis.step.trim() !== "" && step <= 0) say("step", "Step must be more than 0.");
}

function valueOf(info: ParameterInfo, text: string, read: (text: string) => number): ParamValue {
  if (info.type === "bool") return text === "true";
  return info.type === "choice" ? text : read(text);
}

/** The texts of a list; empty ones between two commas are slips of the hand. */
export const listOf = (text: string): string[] =>
  text
    .split(/[,;\s]+/)
    .map((each) => each.trim())
    .filter(Boolean);

/** How many values an axis takes; null while its numbers do not say. */
export function countOf(axis: AxisDraft): number | null {
  if (axis.mode === "fixed") return 1;
  if (axis.mode === "values") return new Set(listOf(axis.values)).size;
  const [min, max, step] = [axis.min, axis.max, axis.step].map((text) => (text.trim() === "" ? NaN : Number(text)));
  if (min === undefined || max === undefined || step === undefined) return null;
  if (!(step > 0) || !(max >= min)) return null;
  return Math.floor(Number(((max - min) / step).toPrecision(12))) + 1;
}
