/** Which of several results is the best, and in what the runs differ. */
import type { BacktestResult, MetricName } from "@/api/types";
import { barTime } from "@/format/times";
import { NONE } from "@/format/numbers";
import { spoken } from "@/format/words";
import { bestFirst } from "@/ui/run/metrics";
import { costFacts, shown } from "@/ui/run/SettingsFacts";

/** More of these is neither better nor worse. */
const NEUTRAL: ReadonlySet<MetricName> = new Set([
  "openProfit",
  "totalTrades",
  "totalFills",
  "exposurePct",
  "turnover",
] satisfies MetricName[]);

/** The places of the best values; none where all are alike or nothing is better. */
export function bestOf(name: MetricName, values: readonly (number | null)[]): ReadonlySet<number> {
  const given = values.filter((value) => value !== null);
  if (NEUTRAL.has(name) || new Set(given).size < 2) return new Set();
  const best = bestFirst(name).startsWith("-") ? Math.max(...given) : Math.min(...given);
  return new Set(values.flatMap((value, index) => (value === best ? [index] : [])));
}

export interface Row {
  readonly name: string;
  readonly values: readonly string[];
  readonly differs: boolean;
}

type Facts = ReadonlyMap<string, string>;

/** A parameter may have the name of a setting: they are told apart by where they come from. */
function factsOf(result: BacktestResult): Facts {
  const { settings, parameters, data } = result;
  const said = settings as Record<string, unknown>;
  const main = data[0];
  const timeFrame = main?.timeFrame ?? "";
  const day = (value: unknown): string => barTime(typeof value === "string" ? value : null, timeFrame);
  return new Map([
    ["Strategy", `${result.strategyName} ${result.strategyVersion}`],
    ...Object.entries(parameters).map(([name, value]) => [`parameter ${spoken(name)}`, shown(value)] as const),
    ["Series", data.map((used) => `${used.assetName} · ${used.exchange} · ${used.timeFrame}`).join(", ")],
    ["Period (UTC)", `${day(said["startTime"])} – ${day(said["endTime"])}`],
    ...costFacts(said),
    ["Data hash", data.map(({ contentHash }) => contentHash.slice(0, HASH)).join(", ")],
    ["Source hash", result.sourceHash.slice(0, HASH)],
    ["Engine", result.engineVersion],
  ]);
}

const HASH = 12;

/** Everything that decides the results, what differs first. */
export function settingRows(results: readonly BacktestResult[]): readonly Row[] {
  const facts = results.map(factsOf);
  const names = [...new Set(facts.flatMap((each) => [...each.keys()]))];
  const rows = names.map((name) => {
    const values = facts.map((each) => each.get(name) ?? NONE);
    return { name: name.replace(/^parameter /, ""), values, differs: new Set(values).size > 1 };
  });
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)];
}

export function cashOf({ settings }: BacktestResult): number {
  const cash = (settings as Record<string, unknown>)["initialCash"];
  return typeof cash === "number" ? cash : 0;
}

/** What makes figures of these runs hard to hold against each other. */
export function caveats(results: readonly BacktestResult[]): readonly string[] {
  const differs = (of: (result: BacktestResult) => unknown): boolean =>
    new Set(results.map((result) => JSON.stringify(of(result)))).size > 1;
  const setting = (name: string) => (result: BacktestResult) => (result.settings as Record<string, unknown>)[name];
  return [
    ...(differs(cashOf)
      ? ["They began with different amounts of cash: amounts of money say little, percentages more."]
      : []),
    ...(differs((result) => [setting("startTime")(result), setting("endTime")(result)])
      ? ["They cover different periods."]
      : []),
    ...(differs(({ data }) => data.map(({ assetName, exchange, timeFrame }) => [assetName, exchange, timeFrame]))
      ? ["They ran on different series."]
      : []),
    ...(differs(({ engineVersion }) => engineVersion)
      ? ["They were computed by different versions of the engine."]
      : []),
  ];
}
