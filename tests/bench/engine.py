"""Bars a second of the engine alone, what its first run takes, and its memory."""

import sys
from collections import deque
from importlib import import_module
from pathlib import Path
from typing import Final

import numpy as np

from server.strategies import Strategy
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.bench.apart import measure_apart
from tests.bench.best import best_s
from tests.bench.figures import Figure, ms
from tests.bench.simulated import simulate
from tests.bench.walk import FAST, SLOW, Bars, walk

_ROWS: Final = 1_000_000
_TRIES: Final = 12
_INTERPRETED_ROWS: Final = 300_000
_MANY_ROWS: Final = 10_000_000
_COMPILED: Final = (("sma_crossover", "SmaCrossover"), ("atr_trend", "AtrTrend"), ("rsi_reversion", "RsiReversion"))
"""Market orders alone, brackets with four indicators, and limit orders: module and class of shipped strategies."""


def simulating(folder: Path) -> list[Figure]:
    """All figures of the engine; `folder` is empty and takes scratch files."""
    return [*_at_full_speed(), _interpreted(), *_starting(folder), _remembering(folder)]


def _at_full_speed() -> list[Figure]:
    """Strategies of rising cost, each against a loop that only reads the bars."""
    from tests.bench.limit import limit_loop

    bars = walk(_ROWS)
    loop = limit_loop()
    limit = _ROWS / best_s(lambda: loop(bars))
    figures = [Figure(f"limit: a compiled loop that reads OHLC and keeps two sums, {_ROWS:,} bars", _rate(limit))]
    for module, name in _COMPILED:
        strategy = _shipped(module, name)
        if strategy is not None:
            figures.append(_against(limit, strategy, bars))
    return figures


def _against(limit: float, strategy: type[Strategy], bars: Bars) -> Figure:
    results = [simulate(strategy, bars) for _ in range(_TRIES)]
    result = results[0]
    speed = _ROWS / (min(one.simulate_ms for one in results) / 1000)
    return Figure(
        f"{result.mode} engine, {strategy.__name__}, {_ROWS:,} bars, {result.metrics.total_fills:,} fills, one core",
        _rate(speed),
        "",
        f"{speed / limit:.3f} × the limit",
    )


def _shipped(module: str, name: str) -> type[Strategy] | None:
    """A shipped strategy; where there is none of this name its figure is left out, and that is told."""
    try:
        found: type[Strategy] = getattr(import_module(f"server.strategies.shipped.{module}"), name)
    except (ModuleNotFoundError, AttributeError):
        print(f"there is no shipped strategy {name}: its figure is left out")
        return None
    return found


def _interpreted() -> Figure:
    """SmaCrossover as it is, against the same averages in a bare Python loop that trades nothing."""
    bars = walk(_INTERPRETED_ROWS)
    ours = _INTERPRETED_ROWS / best_s(lambda: simulate(SmaCrossover, bars, compiled=False))
    bare = _INTERPRETED_ROWS / best_s(lambda: _averages(bars[4].tolist(), FAST, SLOW))
    return Figure(
        "interpreted engine, SmaCrossover(10, 30), one core",
        _rate(ours),
        "",
        f"{ours / bare:.2f} × the averages alone in a bare Python loop ({_rate(bare)})",
    )


def _starting(folder: Path) -> list[Figure]:
    """The first backtest of a process, before and after another has compiled for it."""
    compiled = str(folder / "compiled")
    kernel = measure_apart(sys.executable, "tests.bench.engine_process", "prepare", compiled)
    figures = [Figure("the kernel is compiled, once for a machine", f"{kernel['took_s']:.1f} s")]
    for how, most in (("compiled for the first time", "< 3 s"), ("compiled before", "< 300 ms")):
        found = measure_apart(sys.executable, "tests.bench.engine_process", "first", compiled)
        figures.append(
            Figure(
                f"first backtest of a process, {how}, {found['mode']}",
                ms(found["first_s"]),
                most,
                f"{found['first_s'] / found['second_s']:.0f} × its second ({ms(found['second_s'])})",
            )
        )
    return figures


def _remembering(folder: Path) -> Figure:
    path = folder / "many.npy"
    np.save(path, walk(_MANY_ROWS))
    found = measure_apart(sys.executable, "tests.bench.engine_process", "memory", str(path))
    path.unlink()
    return Figure(
        f"memory that a run of {found['bars']:,} bars adds with its curve kept, {found['mode']}",
        f"{found['added'] / 1e6:,.0f} MB, at most {found['most'] / 1e6:,.0f} MB meanwhile",
        "",
        f"{found['most'] / found['curve']:.2f} × the curve ({found['curve'] / 1e6:,.0f} MB)",
    )


def _rate(bars_a_second: float) -> str:
    return f"{bars_a_second:,.0f} bars/s"


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
