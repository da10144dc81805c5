/** What each metric is called, how it is written, and what it means. */
import type { MetricName, Metrics } from "@/api/types";
import { decimal, money, percent, signedMoney, signedPercent, whole } from "@/format/numbers";

export interface MetricWords {
  readonly name: string;
  readonly show: (value: number | null | undefined) => string;
  readonly meaning: string;
  /** Whether its sign tells of gain or loss. */
  readonly signed?: true;
}

const profit = { show: signedMoney, signed: true } as const;

export const METRICS: Record<MetricName, MetricWords> = {
  netProfit: { name: "Net profit", ...profit, meaning: "Final equity less initial cash, open positions included" },
  openProfit: { name: "Open profit", ...profit, meaning: "Profit of positions still open at the last bar" },
  grossProfit: { name: "Gross profit", show: money, meaning: "Sum of the winning round trips" },
  grossLoss: { name: "Gross loss", show: money, meaning: "Sum of the losing round trips" },
  commissions: { name: "Commissions", show: money, meaning: "Paid for all fills" },
  totalReturnPct: {
    name: "Return",
    show: signedPercent,
    signed: true,
    meaning: "Net profit as a share of the initial cash",
  },
  annualReturnPct: {
    name: "Annual return",
    show: signedPercent,
    signed: true,
    meaning: "The steady yearly growth that gives the same end",
  },
  annualVolatilityPct: {
    name: "Annual volatility",
    show: percent,
    meaning: "Deviation of the returns per bar, scaled to a year",
  },
  sharpeRatio: {
    name: "Sharpe ratio",
    show: decimal,
    meaning: "Yearly mean return over the risk-free rate by its deviation",
  },
  sortinoRatio: { name: "Sortino ratio", show: decimal, meaning: "As Sharpe, with the deviation of the losses alone" },
  calmarRatio: { name: "Calmar ratio", show: decimal, meaning: "Annual return by the deepest drawdown" },
  maxDrawdown: {
    name: "Deepest fall",
    show: money,
    meaning: "The deepest fall of equity below an earlier high, as an amount",
  },
  maxDrawdownPct: { name: "Max drawdown", show: percent, meaning: "The deepest fall of equity below an earlier high" },
  maxDrawdownBars: { name: "Longest drawdown", show: whole, meaning: "Bars from a high until it was reached again" },
  recoveryFactor: { name: "Recovery factor", show: decimal, meaning: "Net profit by the deepest drawdown" },
  totalTrades: { name: "Trades", show: whole, meaning: "Round trips, from entry to exit" },
  totalFills: { name: "Fills", show: whole, meaning: "Executions of orders" },
  winRatePct: { name: "Win rate", show: (value) => percent(value, 1), meaning: "Share of round trips with a profit" },
  profitFactor: { name: "Profit factor", show: decimal, meaning: "Gross profit by gross loss" },
  expectancy: { name: "Expectancy", ...profit, meaning: "Mean profit of a round trip" },
  averageWin: { name: "Average win", show: money, meaning: "Mean profit of the winning round trips" },
  averageLoss: { name: "Average loss", show: money, meaning: "Mean loss of the losing round trips" },
  payoffRatio: { name: "Payoff ratio", show: decimal, meaning: "Average win by average loss" },
  exposurePct: { name: "Exposure", show: (value) => percent(value, 1), meaning: "Share of bars with an open position" },
  turnover: { name: "Turnover", show: decimal, meaning: "Traded notional by mean equity" },
  longestLosingStreak: { name: "Losing streak", show: whole, meaning: "Most losing round trips in a row" },
  finalEquity: { name: "Final equity", show: money, meaning: "Cash and positions at the last bar" },
};

const LESS_IS_BETTER: ReadonlySet<string> = new Set<MetricName>([
  "annualVolatilityPct",
  "commissions",
  "maxDrawdownBars",
  "exposurePct",
  "turnover",
  "longestLosingStreak",
]);

/** The order in which the best come first, as the server ranks them; drawdowns and losses are ≤ 0. */
export const bestFirst = (metric: string): string => (LESS_IS_BETTER.has(metric) ? metric : `-${metric}`);

/** What trials are ranked by that are told nothing else: no metric, but made of them. */
export const FITNESS = "fitness";

export const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** Whether trials can be ranked, or drawn, by it. */
export const isRanking = (name: string): boolean => name === FITNESS || isMetric(name);

export const METRIC_GROUPS: readonly (readonly [title: string, names: readonly MetricName[]])[] = [
  [
    "Return",
    ["netProfit", "totalReturnPct", "annualReturnPct", "finalEquity", "openProfit", "grossProfit", "grossLoss"],
  ],
  [
    "Risk",
    [
      "maxDrawdownPct",
      "maxDrawdown",
      "maxDrawdownBars",
      "annualVolatilityPct",
      "sharpeRatio",
      "sortinoRatio",
      "calmarRatio",
      "recoveryFactor",
    ],
  ],
  [
    "Trades",
    [
      "totalTrades",
      "winRatePct",
      "profitFactor",
      "expectancy",
      "averageWin",
      "averageLoss",
      "payoffRatio",
      "longestLosingStreak",
    ],
  ],
  ["Activity", ["exposurePct", "turnover", "totalFills", "commissions"]],
];

/** The name of what an optimization sorts by: a metric, or the fitness. */
export const metricName = (name: string): string =>
  isMetric(name) ? METRICS[name].name : name === FITNESS ? "Fitness" : name;

export const showMetric = (name: string, value: number | null | undefined): string =>
  isMetric(name) ? METRICS[name].show(value) : decimal(value, 4);

export const metricOf = (metrics: Metrics, name: MetricName): number | null => metrics[name];
