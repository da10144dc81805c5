"""One engine at a grid of SmaCrossover: `python -m tests.bench.peer_grids ENGINE BARS.npy` prints JSON.

As `peer_runs`, but each engine is given all sets at once where it knows how, and computes each average once.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from itertools import product
from typing import Any, Final

import numpy as np

from tests.bench.best import best_s
from tests.bench.cores import peak_resident_bytes
from tests.bench.peer_runs import (
    CASH_TICKS,
    Flags,
    Outcome,
    Run,
    a_bar_later,
    ask_figures,
    crossover,
    for_raptorbt,
    named,
)
from tests.bench.walk import FEE_RATE, TICK, Bars

_FAST: Final = range(5, 51, 15)
_SLOW: Final = range(60, 551, 49)
SETS: Final = list(product(_FAST, _SLOW))
FEW: Final = SETS[::11]
"""For an engine that plays one set in half a second."""


def ours(bars: Bars) -> Run:
    """This project."""
    from server.engine.trials import Trials
    from server.strategies.shipped.sma_crossover import SmaCrossover
    from tests.bench.simulated import prepared, series_of, settings_of

    trials = Trials(SmaCrossover, series_of(bars), settings_of(compiled=True), prepared())

    def run(chosen: list[tuple[int, int]] = SETS) -> Outcome:
        sets = [{"fastPeriod": fast, "slowPeriod": slow, "quantity": 1.0} for fast, slow in chosen]
        metrics = trials.play(sets, None)
        assert len(metrics) == len(sets)
        return Outcome(
            sum(one.total_trades for one in metrics), sum(one.net_profit for one in metrics), "AlgoTradeForge"
        )

    return run


def ours_few(bars: Bars) -> Run:
    """This project at the few sets."""
    run: Any = ours(bars)
    return lambda: run(FEW)


def with_raptorbt(bars: Bars) -> Run:
    """Its batch, which shares the prices among all sets."""
    import raptorbt

    prices, config, one_lot = for_raptorbt(bars)
    close = prices[4]
    sizes = close * (1.5 / CASH_TICKS)

    def run() -> Outcome:
        averages = {length: raptorbt.sma(close, length) for length in {*_FAST, *_SLOW}}
        items = [
            raptorbt.BatchSingleItem(
                f"{fast}/{slow}",
                averages[fast] > averages[slow],
                averages[fast] <= averages[slow],
                position_sizes=sizes,
                instrument_config=one_lot,
            )
            for fast, slow in SETS
        ]
        done = raptorbt.batch_single_backtest(*prices, items, config)
        metrics = [result.metrics for _, result in done]
        profit = sum(one.end_value - one.start_value for one in metrics) * TICK
        return Outcome(sum(one.total_closed_trades for one in metrics), profit, named("raptorbt"))

    return run


def with_vectorbt(bars: Bars, kernels: str) -> Run:
    """All sets as columns of one frame; of its figures those that we have too."""
    import pandas as pd
    import vectorbt

    vectorbt.settings["engine"] = kernels
    index = pd.to_datetime(bars[0], unit="ms")
    opened, close = (pd.Series(bars[row].astype(np.float64), index=index) for row in (1, 4))

    def run() -> Outcome:
        averages = {length: vectorbt.MA.run(close, length).ma.to_numpy().ravel() for length in {*_FAST, *_SLOW}}
        enter = _columns([averages[fast] > averages[slow] for fast, slow in SETS])
        leave = _columns([averages[fast] <= averages[slow] for fast, slow in SETS])
        portfolio = vectorbt.Portfolio.from_signals(
            *(close, enter, leave), price=opened, size=1.0, fees=FEE_RATE, init_cash=CASH_TICKS, freq="1min"
        )
        ask_figures(portfolio)
        profit = float(portfolio.total_profit().sum()) * TICK
        return Outcome(int(portfolio.trades.closed.count().sum()), profit, f"{named('vectorbt')}, {kernels}")

    return run


def _columns(flags: list[Flags]) -> Any:
    return np.column_stack([a_bar_later(one) for one in flags])


def with_backtesting(bars: Bars) -> Run:
    """One run after the other, as its `optimize` does on one core."""
    runs = [crossover(bars, fast, slow) for fast, slow in FEW]

    def run() -> Outcome:
        outcomes = [one() for one in runs]
        trades, profit = sum(one.trades for one in outcomes), sum(one.net_profit for one in outcomes)
        return Outcome(trades, profit, named("backtesting"))

    return run


ENGINES: Final[Mapping[str, Callable[[Bars], Run]]] = {
    "ours": ours,
    "ours-few": ours_few,
    "raptorbt": with_raptorbt,
    "vectorbt-rust": lambda bars: with_vectorbt(bars, "rust"),
    "vectorbt-numba": lambda bars: with_vectorbt(bars, "numba"),
    "backtesting": with_backtesting,
}
_OF_FEW: Final = {"ours-few", "backtesting"}


def main() -> None:
    """Measures, and runs once more for what came out."""
    name, path = sys.argv[1:]
    bars: Any = np.load(path)
    run = ENGINES[name](bars)
    seconds = best_s(run)
    sets = len(FEW if name in _OF_FEW else SETS)
    figures = {"bars": bars.shape[1] * sets, "seconds": seconds, "peakBytes": peak_resident_bytes(os.getpid())}
    print(json.dumps(run()._asdict() | figures | {"sets": sets}))


if __name__ == "__main__":
    main()
