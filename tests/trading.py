"""Bars, instruments and strategies from which tests of the engine start."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue
from server.contract.requests import Account, Commission
from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.events import EventSink
from server.engine.outcome import EngineResult
from server.engine.player import Compiler
from server.engine.progress import Progress
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies import Bar, Fill, Open, Strategy
from tests.reference import Row

Bars = npt.NDArray[np.int64]
HOUR_MS: Final = 3_600_000
MONDAY_MS: Final = 1_704_067_200_000
"""2024-01-01T00:00:00Z"""

COIN: Final = Instrument(
    asset_name="COIN", exchange="Test", tick_size=Decimal("0.01"), lot_size=Decimal("0.001"), quote="USD"
)
EURUSD: Final = Instrument(
    asset_name="EURUSD", exchange="Test", tick_size=Decimal("0.000001"), lot_size=Decimal(1), quote="USD"
)


class Counter:
    """A progress that keeps what it is told, and asks to stop once `cancel_after` bars are done."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.told: list[tuple[int, int, float]] = []
        self.looks = 0
        self._cancel_after = cancel_after

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """Keeps what it is told."""
        self.told.append((bars, bar_time_ms, equity))

    def cancelled(self) -> bool:
        """Whether enough bars are done."""
        self.looks += 1
        return self._cancel_after is not None and bool(self.told) and self.told[-1][0] >= self._cancel_after


def flat_bars(*prices: int) -> Bars:
    """Hourly bars that open and close at `prices`, in ticks."""
    return bars_of((price, price, price, price) for price in prices)


def bars_of(candles: Any) -> Bars:
    """Hourly bars from (open, high, low, close) in ticks, volume 1."""
    table = np.array(list(candles), dtype=np.int64).reshape(-1, 4)
    times = MONDAY_MS + HOUR_MS * np.arange(len(table), dtype=np.int64)
    return np.ascontiguousarray(np.vstack((times, table.T, np.ones(len(table), dtype=np.int64))))


def walk(count: int, *, seed: int = 7, start: int = 1_200_000, step: int = 900) -> Bars:
    """`count` hourly bars of a deterministic random walk in ticks, closed at the weekend like a currency pair."""
    random = np.random.default_rng(seed)
    hours = np.arange(count * 2, dtype=np.int64)
    open_hours = hours[hours % 168 < 120][:count]
    close = np.maximum(start + np.cumsum(random.integers(-step, step + 1, count)), 10 * step)
    opened = np.maximum(np.concatenate(([start], close[:-1])) + random.integers(-step // 9, step // 9 + 1, count), 1)
    high = np.maximum(opened, close) + random.integers(0, step, count)
    low = np.maximum(np.minimum(opened, close) - random.integers(0, step, count), 1)
    volume = random.integers(0, 1000, count)
    times = MONDAY_MS + HOUR_MS * open_hours
    return np.ascontiguousarray(np.vstack((times, opened, high, low, close, volume)).astype(np.int64))


def rows_of(bars: Bars, tick: Decimal) -> list[Row]:
    """The same bars as rows of a price file."""
    return [
        Row(ts, opened * tick, high * tick, low * tick, close * tick, volume)
        for ts, opened, high, low, close, volume in bars.T.tolist()
    ]


def bars_from(rows: Sequence[Row], tick: Decimal) -> Bars:
    """Rows of a price file as bars."""
    table = [(row.ts_ms, *(int(price / tick) for price in row[1:5]), row.volume) for row in rows]
    return np.ascontiguousarray(np.array(table, dtype=np.int64).T)


def settings(
    *,
    cash: float = 10_000.0,
    rate: float = 0.0,
    commission: Commission | None = None,
    account: Literal["cash", "margin"] = "cash",
    leverage: float | None = None,
    slippage: int = 0,
    close_at_end: bool = False,
    risk_free_rate: float = 0.0,
) -> EngineSettings:
    """Settings without costs unless told."""
    return EngineSettings(
        initial_cash=cash,
        commission=commission or Commission(model="rate", value=rate),
        account=Account(type=account) if leverage is None else Account(type=account, leverage=leverage),
        slippage_ticks=slippage,
        close_at_end=close_at_end,
        risk_free_rate=risk_free_rate,
    )


def run(
    strategy: type[Strategy],
    bars: Bars,
    parameters: Mapping[str, ParamValue] | None = None,
    *,
    instrument: Instrument = COIN,
    under: EngineSettings | None = None,
    progress: Progress | None = None,
    equity_out: npt.NDArray[Any] | None = None,
    listeners: Sequence[EventSink] = (),
    compiler: Compiler | None = None,
) -> EngineResult:
    """A backtest over all of `bars`."""
    return run_backtest(
        strategy,
        parameters or {},
        [Series(bars, 0, bars.shape[1], instrument, HOUR_MS)],
        under or settings(),
        progress=progress or Counter(),
        equity_out=equity_out,
        listeners=listeners,
        compiler=compiler,
    )


Step = Callable[[Strategy], object]


def scripted(
    on_bar: Mapping[int, Step] | None = None,
    *,
    on_open: Mapping[int, Step] | None = None,
    on_fill: Callable[[Strategy, Fill], object] | None = None,
) -> type[Strategy]:
    """A strategy that does what it is told at the bars it is told."""

    class Scripted(Strategy):
        """Follows a script."""

        def on_bar(self, bar: Bar) -> None:
            if on_bar and bar.i in on_bar:
                on_bar[bar.i](self)

    handlers: dict[str, Any] = {}
    if on_open is not None:
        opens = on_open

        def at_open(self: Strategy, bar: Open) -> None:
            if bar.i in opens:
                opens[bar.i](self)

        handlers["on_open"] = at_open
    if on_fill is not None:
        handlers["on_fill"] = on_fill
    return type("Scripted", (Scripted,), handlers)
