"""An optimization to a data frame: where good trials stand among good neighbours. Needs the demo data and polars."""

import polars as pl

from server.client import optimize

found = optimize(
    "SmaCrossover",
    "AAPL",
    fast_period=range(5, 50, 5),
    slow_period=[40, 80, 120, 160, 200],
    conditions=["fast_period < slow_period"],
    sort_by="sharpe_ratio",
    filters={"min_total_trades": 5},
)
trials = found.trials(library="polars")

print(f"{len(trials)} trials, the best is {found.best}")
print(trials.select("fast_period", "slow_period", "sharpe_ratio", "max_drawdown_pct", "total_trades").head(5))
print(trials.pivot("slow_period", index="fast_period", values="sharpe_ratio").sort("fast_period"))

# Whoever looks for a plateau rather than a peak judges a trial by those around it.
plateau = trials.group_by("slow_period").agg(pl.col("sharpe_ratio").median()).sort("sharpe_ratio", descending=True)
print(plateau)
