"""Bars a second of the engine alone."""

import time
from collections import deque
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from server.contract.requests import Account, Commission
from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.bench.figures import Figure

_ROWS = 300_000
_TRIES = 3


class Silent:
    """Nobody watches and nobody cancels."""

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None: ...

    def cancelled(self) -> bool:
        return False


def simulating() -> list[Figure]:
    """SmaCrossover as it is, against the same averages in a bare Python loop that trades nothing."""
    bars = _walk(_ROWS)
    instrument = Instrument(
        asset_name="ACME", exchange="TEST", tick_size=Decimal("0.01"), lot_size=Decimal(1), quote="USD"
    )
    settings = EngineSettings(
        initial_cash=1e6, commission=Commission(model="rate", value=0.0), account=Account(type="cash")
    )

    def engine() -> None:
        run_backtest(SmaCrossover, {}, [Series(bars, 0, _ROWS, instrument, 60_000)], settings, progress=Silent())

    ours = _ROWS / _best(engine)
    bare = _ROWS / _best(lambda: _averages(bars[4].tolist(), 10, 30))
    return [
        Figure(
            "interpreted engine, SmaCrossover(10, 30), one core",
            f"{ours:,.0f} bars/s",
            "",
            f"{ours / bare:.2f} × the averages alone in a bare Python loop ({bare:,.0f} bars/s)",
        )
    ]


def _best(act: Callable[[], None]) -> float:
    took = []
    for _ in range(_TRIES):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return min(took)


def _walk(rows: int) -> npt.NDArray[np.int64]:
    random = np.random.default_rng(7)
    bars = np.empty((6, rows), dtype=np.int64)
    close = 100_000 + np.cumsum(random.integers(-3, 4, rows))
    bars[0] = np.arange(rows) * 60_000
    bars[1] = bars[4] = close
    bars[2], bars[3] = close + 2, close - 2
    bars[5] = 1
    return bars


def _averages(closes: list[int], fast: int, slow: int) -> None:
    fast_window, slow_window = deque[int](maxlen=fast), deque[int](maxlen=slow)
    fast_sum = slow_sum = crossings = 0
    for close in closes:
        if len(fast_window) == fast:
            fast_sum -= fast_window[0]
        if len(slow_window) == slow:
            slow_sum -= slow_window[0]
        fast_window.append(close)
        slow_window.append(close)
        fast_sum += close
        slow_sum += close
        crossings += fast_sum * slow > slow_sum * fast
