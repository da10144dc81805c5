"""One backtest from its names to its figures. Needs a server with the demo data: `make run`."""

from server.client import run

found = run("SmaCrossover", "AAPL", fast_period=10, slow_period=30, initial_cash=10_000, commission_per_trade=0.001)

print(f"net profit {found.metrics.net_profit:,.2f}, deepest fall {found.metrics.max_drawdown_pct:.1f} %")
print(found.trades(sort="-profit").head(5))
print(found.equity().tail(3))
print("more at", found.url)
