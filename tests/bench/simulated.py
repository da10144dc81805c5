"""The engine as it is measured: one call, nobody watching."""

import functools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import numpy.typing as npt

from server.contract.base import ParamValue
from server.contract.requests import Account, Commission
from server.data.instrument import Instrument
from server.engine.backtest import run_backtest
from server.engine.compile.workshop import Workshop
from server.engine.outcome import EngineResult
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies import Strategy
from tests.bench.walk import CASH, FEE_RATE, MINUTE_MS, TICK, Bars
from tests.machine_code import COMPILED

_ACME: Final = Instrument(
    asset_name="ACME", exchange="TEST", tick_size=Decimal(str(TICK)), lot_size=Decimal(1), quote="USD"
)


@functools.cache
def prepared() -> Workshop:
    """The compiler of the tests, made ready."""
    workshop = Workshop(COMPILED)
    workshop.prepare()
    return workshop


class Silent:
    """Nobody watches and nobody cancels."""

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None: ...

    def cancelled(self) -> bool:
        return False


def settings_of(*, compiled: bool) -> EngineSettings:
    """A margin account that pays FEE_RATE of each fill."""
    return EngineSettings(
        initial_cash=CASH,
        commission=Commission(model="rate", value=FEE_RATE),
        account=Account(type="margin"),
        compile=compiled,
    )


def series_of(bars: Bars) -> list[Series]:
    """All of `bars` as minutes of one asset."""
    return [Series(bars, 0, bars.shape[1], _ACME, MINUTE_MS)]


def simulate(
    strategy: type[Strategy],
    bars: Bars,
    parameters: Mapping[str, ParamValue] | None = None,
    *,
    compiled: bool = True,
    equity_out: npt.NDArray[Any] | None = None,
    tables: bool = False,
    workshop: Workshop | None = None,
) -> EngineResult:
    """A backtest over all of `bars` with metrics; `compiled` where it can be, as `EngineResult.mode` tells.

    `tables` of orders, fills and round trips where wanted. `workshop`: that of the tests unless told.
    """
    return run_backtest(
        strategy,
        parameters or {},
        series_of(bars),
        settings_of(compiled=compiled),
        progress=Silent(),
        equity_out=equity_out,
        tables=tables,
        compiler=workshop or prepared(),
    )
