/** The figures of a finished backtest: six at a glance, all of them below. */
import type { Metrics } from "@/api/types";
import { decimal, money, percent, signedMoney, signedPercent, whole } from "@/format/numbers";
import { Facts, Figures, toneOf } from "@/ui/Facts";
import { METRIC_GROUPS, METRICS, metricOf } from "@/ui/run/metrics";

export function HeadFigures({ metrics, quote }: { metrics: Metrics; quote: string | undefined }) {
  const meaning = (name: keyof Metrics): string => METRICS[name].meaning;
  return (
    <section className="panel head-figures" aria-label="Key figures">
      <Figures
        figures={[
          {
            name: "Net profit",
            value: signedMoney(metrics.netProfit),
            tone: toneOf(metrics.netProfit),
            note: quote ?? "quote currency",
            title: meaning("netProfit"),
          },
          {
            name: "Return",
            value: signedPercent(metrics.totalReturnPct),
            tone: toneOf(metrics.totalReturnPct),
            note: `${signedPercent(metrics.annualReturnPct)} a year`,
            title: meaning("totalReturnPct"),
          },
          {
            name: "Max drawdown",
            value: percent(metrics.maxDrawdownPct),
            tone: toneOf(metrics.maxDrawdownPct),
            note: money(metrics.maxDrawdown),
            title: meaning("maxDrawdownPct"),
          },
          {
            name: "Sharpe ratio",
            value: decimal(metrics.sharpeRatio),
            note: `Sortino ${decimal(metrics.sortinoRatio)}`,
            title: meaning("sharpeRatio"),
          },
          {
            name: "Profit factor",
            value: decimal(metrics.profitFactor),
            note: `Expectancy ${signedMoney(metrics.expectancy)}`,
            title: meaning("profitFactor"),
          },
          {
            name: "Trades",
            value: whole(metrics.totalTrades),
            note: `${percent(metrics.winRatePct, 1)} won`,
            title: meaning("totalTrades"),
          },
        ]}
      />
    </section>
  );
}

export function MetricTables({ metrics }: { metrics: Metrics }) {
  return (
    <section className="panel" id="metrics" aria-labelledby="metrics-head">
      <header>
        <h2 id="metrics-head">Metrics</h2>
      </header>
      <div className="body columns narrow">
        {METRIC_GROUPS.map(([title, names]) => (
          <div key={title}>
            <h3>{title}</h3>
            <Facts
              facts={names.map((name) => {
                const { name: words, show, meaning, signed } = METRICS[name];
                const value = metricOf(metrics, name);
                return [
                  words,
                  <span key={name} className={signed ? toneOf(value) : undefined}>
                    {show(value)}
                  </span>,
                  meaning,
                ] as const;
              })}
            />
          </div>
        ))}
      </div>
    </section>
  );
}
