/** What a run was asked, on which data it ran and by which code: enough to do it again. */
import type { RequestBody, RunResult, SeriesName, StatusBody } from "@/api/types";
import { exact, money, percent, whole } from "@/format/numbers";
import { barTime, localTime, span } from "@/format/times";
import { spoken } from "@/format/words";
import { Copy } from "../Copy";
import { Facts } from "../Facts";
import { SyntheticPill } from "../Pill";
import { axisText } from "./axes";
import { metricName } from "./metrics";
import { searchFacts } from "./search";

type Settings = Record<string, unknown>;

interface SettingsProps {
  run: StatusBody;
  result: RunResult | null;
  /** The submission: what there is no result for, and how an optimization searched. */
  request: RequestBody | undefined;
}

export function SettingsFacts({ run, result, request }: SettingsProps) {
  const settings: Settings = result?.settings ?? { ...request };
  const sortBy = result && "sortBy" in result ? result.sortBy : request?.sortBy;
  return (
    <section className="panel" id="settings" aria-labelledby="settings-head">
      <header>
        <h2 id="settings-head">Settings and provenance</h2>
      </header>
      <div className="body columns left">
        <div>
          <h3>What was asked</h3>
          <Facts
            facts={[
              ["Strategy", `${run.strategyName} ${run.strategyVersion}`],
              ...Object.entries(run.parameters ?? {}).map(
                ([name, value]) => [spoken(name), shown(value)] as [string, string],
              ),
              ...Object.entries(run.axes ?? {}).map(
                ([name, axis]) => [spoken(name), axisText(axis)] as [string, string],
              ),
              ...(sortBy ? [["Best by", metricName(sortBy)] as const] : []),
              ...searchFacts(request ?? {}),
              ...seriesOf(run, settings).map((series) => ["Series", named(series)] as [string, string]),
              ["Period (UTC)", `${barTime(run.startTime, run.timeFrame)} – ${barTime(run.endTime, run.timeFrame)}`],
              ...costFacts(settings),
              ...(run.label ? [["Label", run.label] as const] : []),
            ]}
          />
        </div>
        {result ? <Provenance run={run} result={result} /> : <Identity run={run} />}
      </div>
    </section>
  );
}

function Provenance({ run, result }: { run: StatusBody; result: RunResult }) {
  return (
    <div>
      <h3>Where it comes from</h3>
      <Facts
        facts={[
          ["RunKey", <Copy key="key" text={result.runKey} label="RunKey" />],
          ["Attempt", whole(result.attempt)],
          ...result.data.flatMap((used) => [
            [
              "Data",
              <span key={used.contentHash}>
                {result.data.length > 1 && `${named(used)}: `}
                {whole(used.rows)} bars {used.synthetic && <SyntheticPill />}
              </span>,
            ] as const,
            ["Data set", <Copy key="set" text={used.datasetId} label="data set" />] as const,
            [
              "Its bars",
              `${barTime(used.first, used.timeFrame || run.timeFrame)} – ${barTime(used.last, used.timeFrame || run.timeFrame)}`,
            ] as const,
            ["Data hash", <Copy key="hash" text={used.contentHash} label="data hash" />] as const,
            ...used.cashFlows.map(({ kind, rows }) => [`Its ${kind}`, whole(rows)] as const),
          ]),
          ["Source hash", <Copy key="source" text={result.sourceHash} label="source hash" />],
          ["Engine version", result.engineVersion],
          ["Mode", result.mode === "compiled" ? "compiled to machine code" : "interpreted"],
          ["Submitted", localTime(run.submittedAt)],
          ["Completed", localTime(result.completedAt)],
          ["Duration", `${span(result.durationMs)}, of which simulation ${span(result.simulateMs)}`],
        ]}
      />
    </div>
  );
}

/** Of a run without a result. */
function Identity({ run }: { run: StatusBody }) {
  return (
    <div>
      <h3>Which run it is</h3>
      <Facts
        facts={[
          ["RunKey", <Copy key="key" text={run.runKey} label="RunKey" />],
          ["Attempt", whole(run.attempt)],
          ["Submitted", localTime(run.submittedAt)],
          ...(run.startedAt ? [["Started", localTime(run.startedAt)] as const] : []),
          ...(run.mode ? [["Mode", run.mode] as const] : []),
        ]}
      />
    </div>
  );
}

const named = ({ assetName, exchange, timeFrame }: SeriesName): string => `${assetName} · ${exchange} · ${timeFrame}`;

/** All series of a run, the main one first. */
function seriesOf(run: StatusBody, settings: Settings): readonly SeriesName[] {
  const several = settings["dataSubscriptions"];
  return Array.isArray(several) ? (several as SeriesName[]) : [run];
}

export function costFacts(settings: Settings): [string, string][] {
  const facts: [string, string][] = [];
  const add = (name: string, value: unknown, show: (value: number) => string): void => {
    if (typeof value === "number") facts.push([name, show(value)]);
  };
  add("Initial cash", settings["initialCash"], money);
  const commission = settings["commission"] as { model?: string; value?: number; minimum?: number } | undefined;
  if (commission) {
    const { model, value, minimum } = commission;
    const rated =
      model === "rate"
        ? `${percent((value ?? 0) * 100, 3)} of notional`
        : `${exact(value)} ${model === "perUnit" ? "per unit" : "per order"}`;
    facts.push(["Commission", minimum ? `${rated}, at least ${exact(minimum)}` : rated]);
  }
  add("Commission", settings["commissionPerTrade"], (rate) => `${percent(rate * 100, 3)} of notional`);
  add("Slippage", settings["slippageTicks"], (ticks) => `${whole(ticks)} ticks`);
  const account = settings["account"] as { type?: string; leverage?: number } | undefined;
  if (account?.type)
    facts.push(["Account", account.leverage ? `${account.type}, leverage ${exact(account.leverage)}` : account.type]);
  const flows = settings["cashFlows"];
  if (Array.isArray(flows) && flows.length > 0) facts.push(["Cash flows", flows.join(", ")]);
  if (settings["closeAtEnd"] === true) facts.push(["At the end", "positions are closed"]);
  add("Risk-free rate", settings["riskFreeRate"], (value) => percent(value * 100));
  return facts;
}

export const shown = (value: unknown): string => (typeof value === "number" ? exact(value) : String(value));
