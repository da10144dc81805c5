"""One engine at SmaCrossover(10, 30): `python -m tests.bench.peer_runs ENGINE BARS.npy` prints JSON.

It runs in an environment that may hold the one engine alone. Every engine starts from the prices in the arrays that it
wants and ends with its trades and metrics; averages and signals are its own part of the work. All buy one unit, pay
0.1 % of each fill, and fill at the open after the close that decided. Their prices and money are in ticks: sums of
whole floats are exact, so that equal averages are equal in every engine.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tests.bench.best import best_s
from tests.bench.cores import peak_resident_bytes
from tests.bench.walk import CASH, FAST, FEE_RATE, SLOW, TICK, Bars

CASH_TICKS: Final = CASH / TICK
BARS_A_YEAR: Final = 365.25 * 24 * 60
Flags = npt.NDArray[np.bool_]


class Outcome(NamedTuple):
    """What came out of a run, for a comparison with the others; the profit in quote currency."""

    trades: int
    net_profit: float
    engine: str


Run = Callable[[], Outcome]


def ours(bars: Bars) -> Run:
    """This project."""
    from server.strategies.shipped.sma_crossover import SmaCrossover
    from tests.bench.simulated import simulate

    parameters = {"fastPeriod": FAST, "slowPeriod": SLOW, "quantity": 1}

    def run() -> Outcome:
        result = simulate(SmaCrossover, bars, parameters)
        return Outcome(result.metrics.total_trades, result.metrics.net_profit, f"AlgoTradeForge, {result.mode}")

    return run


def with_raptorbt(bars: Bars) -> Run:
    """Arrays of signals in. It sizes by a share of the cash: one and a half units, which it cuts to one lot."""
    import raptorbt

    prices, config, one_lot = for_raptorbt(bars)
    close = prices[4]

    def run() -> Outcome:
        fast, slow = raptorbt.sma(close, FAST), raptorbt.sma(close, SLOW)
        result = raptorbt.run_single_backtest(
            *(*prices, fast > slow, fast <= slow),
            config=config,
            position_sizes=close * (1.5 / CASH_TICKS),
            instrument_config=one_lot,
        )
        metrics = result.metrics
        profit = (metrics.end_value - metrics.start_value) * TICK
        return Outcome(metrics.total_closed_trades, profit, named("raptorbt"))

    return run


def for_raptorbt(bars: Bars) -> tuple[list[npt.NDArray[Any]], Any, Any]:
    """Times and prices as it wants them, its settings, and an asset of which one unit is a lot."""
    import raptorbt

    prices = [bars[0] * 1_000_000, *(row.astype(np.float64) for row in bars[1:])]
    config = raptorbt.BacktestConfig(
        initial_capital=CASH_TICKS, fees=FEE_RATE, fill_timing="next_bar_open", periods_per_year=BARS_A_YEAR
    )
    return prices, config, raptorbt.InstrumentConfig(lot_size=1.0)


def with_vectorbt(bars: Bars, kernels: str) -> Run:
    """Arrays of signals in, moved on by a bar; of its figures those that we have too."""
    import pandas as pd
    import vectorbt

    vectorbt.settings["engine"] = kernels
    index = pd.to_datetime(bars[0], unit="ms")
    opened, close = (pd.Series(bars[row].astype(np.float64), index=index) for row in (1, 4))

    def run() -> Outcome:
        fast, slow = (vectorbt.MA.run(close, length).ma.to_numpy() for length in (FAST, SLOW))
        portfolio = vectorbt.Portfolio.from_signals(
            *(close, a_bar_later(fast > slow), a_bar_later(fast <= slow)),
            price=opened,
            size=1.0,
            fees=FEE_RATE,
            init_cash=CASH_TICKS,
            freq="1min",
        )
        ask_figures(portfolio)
        profit = float(portfolio.total_profit()) * TICK
        return Outcome(int(portfolio.trades.closed.count()), profit, f"{named('vectorbt')}, {kernels}")

    return run


def ask_figures(portfolio: Any) -> None:
    """Has vectorbt compute those that we have too; it does so when asked."""
    for figure in (
        *(portfolio.total_return, portfolio.annualized_return, portfolio.annualized_volatility),
        *(portfolio.sharpe_ratio, portfolio.sortino_ratio, portfolio.calmar_ratio, portfolio.max_drawdown),
        *(portfolio.trades.win_rate, portfolio.trades.profit_factor, portfolio.trades.expectancy),
    ):
        figure()


def with_backtesting(bars: Bars) -> Run:
    """A class with a method a bar, as ours; its figures are always computed."""
    return crossover(bars, FAST, SLOW)


def crossover(bars: Bars, fast_period: int, slow_period: int) -> Run:
    """The strategy in backtesting.py."""
    import pandas as pd
    from backtesting import Backtest, Strategy

    columns = ("Open", "High", "Low", "Close", "Volume")
    frame = pd.DataFrame(dict(zip(columns, bars[1:].astype(np.float64), strict=True)))
    frame.index = pd.to_datetime(bars[0], unit="ms")

    class Crossover(Strategy):  # type: ignore[misc]  # it ships no types
        def init(self) -> None:
            self.above = self.I(_above, self.data.Close, fast_period, slow_period)

        def next(self) -> None:
            if len(self.data) < slow_period:
                return
            if self.above[-1]:
                if not self.position:
                    self.buy(size=1)
            elif self.position:
                self.position.close()

    def run() -> Outcome:
        stats = Backtest(frame, Crossover, cash=CASH_TICKS, commission=FEE_RATE, finalize_trades=False).run()
        profit = (float(stats["Equity Final [$]"]) - CASH_TICKS) * TICK
        return Outcome(int(stats["# Trades"]), profit, named("backtesting"))

    return run


def _above(close: npt.NDArray[np.float64], fast_period: int, slow_period: int) -> Flags:
    """Whether the fast average is above the slow one; it never is before both are there."""
    total = np.cumsum(np.concatenate(([0.0], close)))
    fast, slow = ((total[length:] - total[:-length]) / length for length in (fast_period, slow_period))
    return np.concatenate((np.zeros(slow_period - 1, dtype=np.bool_), fast[slow_period - fast_period :] > slow))


def a_bar_later(flags: Flags) -> Flags:
    """What was decided at a close is done at the next open."""
    return np.concatenate((np.zeros(1, dtype=np.bool_), flags[:-1]))


def named(package: str) -> str:
    """With its version."""
    return f"{package} {version(package)}"


ENGINES: Final[Mapping[str, Callable[[Bars], Run]]] = {
    "ours": ours,
    "raptorbt": with_raptorbt,
    "vectorbt-rust": lambda bars: with_vectorbt(bars, "rust"),
    "vectorbt-numba": lambda bars: with_vectorbt(bars, "numba"),
    "backtesting": with_backtesting,
}


def main() -> None:
    """Measures, and runs once more for what came out."""
    name, path = sys.argv[1:]
    bars: Any = np.load(path)
    run = ENGINES[name](bars)
    seconds = best_s(run)
    outcome = run()
    figures = {"bars": bars.shape[1], "seconds": seconds, "peakBytes": peak_resident_bytes(os.getpid())}
    print(json.dumps(outcome._asdict() | figures))


if __name__ == "__main__":
    main()
