/** What most searches do without: filters, rules to stop by, limits of time and storage. */
import { Fold } from "@/ui/Fold";
import { TextField } from "@/ui/Field";
import { metricName } from "@/ui/run/metrics";
import { numberField } from "./numberField";
import { FILTER_NAMES } from "./search";
import type { FilterName, SearchDraft } from "./search";
import type { SearchProps } from "./SearchFields";

/** Each filter as the bound of a metric. */
const BOUNDS: Record<FilterName, readonly [words: string, metric: string, unit?: string]> = {
  minTotalTrades: ["At least", "totalTrades"],
  minNetProfit: ["At least", "netProfit"],
  minProfitFactor: ["At least", "profitFactor"],
  maxDrawdownPct: ["At most", "maxDrawdownPct", "%"],
  minSharpeRatio: ["At least", "sharpeRatio"],
  minSortinoRatio: ["At least", "sortinoRatio"],
  minAnnualReturnPct: ["At least", "annualReturnPct", "%"],
};

const STOPS = ["noImprovementTrials", "targetMetric", "timeBudgetSeconds"] as const;
const LIMITS = ["trialTimeoutSeconds", "keepCurves", "maxCombinations"] as const;

export function LimitFields(props: SearchProps) {
  const { search, wrong } = props;
  const field = numberField(props);
  const isWrong = (...paths: string[]): boolean => paths.some((path) => wrong(path) !== undefined);
  return (
    <>
      <Fold
        title="Filters"
        note={countOf(FILTER_NAMES.map((name) => search.filters[name]))}
        urgent={isWrong("filters", ...FILTER_NAMES.map((name) => `filters.${name}`))}
      >
        <Filters {...props} />
      </Fold>
      <Fold
        title="When to stop early"
        note={countOf(STOPS.map((name) => search[name]))}
        urgent={isWrong("stopRules", "stopRules.noImprovementTrials", "stopRules.targetMetric", "timeBudgetSeconds")}
      >
        <div className="fields">
          <TextField
            label="No better trial for"
            unit="trials"
            {...field("noImprovementTrials", "stopRules.noImprovementTrials")}
          />
          <TextField label={targetLabel(search)} {...field("targetMetric", "stopRules.targetMetric")} />
          <TextField label="Time budget" unit="s" {...field("timeBudgetSeconds")} />
          <Complaint message={wrong("stopRules")} />
        </div>
      </Fold>
      <Fold title="Limits" note={countOf(LIMITS.map((name) => search[name]))} urgent={isWrong(...LIMITS)}>
        <div className="fields">
          <TextField label="Time for a trial" unit="s" placeholder="none" {...field("trialTimeoutSeconds")} />
          <TextField label="Curves kept" placeholder="100" hint="Of the best trials" {...field("keepCurves")} />
          <TextField label="Most combinations" placeholder="500000" {...field("maxCombinations")} />
        </div>
      </Fold>
    </>
  );
}

const targetLabel = ({ sortBy }: SearchDraft): string => `${metricName(sortBy)} reached`;

/** How many are set, for the closed fold. */
function countOf(texts: readonly string[]): string {
  const set = texts.filter((text) => text.trim() !== "").length;
  return set === 0 ? "" : `${String(set)} set`;
}

function Filters({ search, change, wrong }: SearchProps) {
  return (
    <>
      <p className="hint small faint">A trial that misses one is kept, but never leads.</p>
      <div className="fields">
        {FILTER_NAMES.map((name) => {
          const [words, metric, unit] = BOUNDS[name];
          return (
            <TextField
              key={name}
              id={`filters.${name}`}
              label={`${metricName(metric)}, ${words.toLowerCase()}`}
              type="number"
              step="any"
              unit={unit}
              value={search.filters[name]}
              onValue={(value) => change({ filters: { ...search.filters, [name]: value } })}
              error={wrong(`filters.${name}`)}
            />
          );
        })}
        <Complaint message={wrong("filters")} />
      </div>
    </>
  );
}

function Complaint({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p className="wide small loss" role="alert">
      {message}
    </p>
  );
}
