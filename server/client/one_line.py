"""A backtest or an optimization from its names to its result in one line."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any, Final, cast

import msgspec

from server.client.composing import backtest_of, optimization_of, sent
from server.client.finished import FinishedBacktest, FinishedOptimization, Opened
from server.client.moments import Moment
from server.client.series import Series, series_meant
from server.client.synchronous import Forge
from server.contract.requests import DataSubscription
from server.contract.results import BacktestResult, OptimizationResult
from server.contract.run import Submission

_CASH: Final = 10_000.0


def run(
    strategy: str,
    asset: str | None = None,
    time_frame: str | None = None,
    *,
    exchange: str | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
    initial_cash: float = _CASH,
    parameters: Mapping[str, Any] | None = None,
    progress: bool = True,
    forge: Forge | None = None,
    **named: Any,
) -> FinishedBacktest:
    """Backtests a strategy and waits for the result: `run("SmaCrossover", "BTCUSDT", "1h", fast_period=10)`.

    What is not named of the data is what there is when one data set alone fits, its whole period without `start` and
    `end`. Further names are settings of a run (`commission_per_trade`, `slippage_ticks`, `label`, …) and parameters of
    the strategy; one that is both is a setting, and the parameter goes into `parameters`. Without `forge` the server is
    that of FORGE_URL, else the one on this machine.

    DatasetUnclear names the data sets when not one fits, RunFailed tells why a run failed; otherwise as `Forge`.
    """
    settings = {"initial_cash": initial_cash, **named}

    def submitted(client: Forge) -> Submission:
        series = _series(client, asset, exchange, time_frame, named)
        return client.submit_backtest(backtest_of(strategy, series, start, end, parameters or {}, settings))

    result, page, opened = _ended(forge, submitted, progress=progress)
    return FinishedBacktest(cast("BacktestResult", result), page, opened)


def optimize(
    strategy: str,
    asset: str | None = None,
    time_frame: str | None = None,
    *,
    exchange: str | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
    initial_cash: float = _CASH,
    axes: Mapping[str, Any] | None = None,
    progress: bool = True,
    forge: Forge | None = None,
    **named: Any,
) -> FinishedOptimization:
    """The same over a space of parameters: `optimize("SmaCrossover", "BTCUSDT", "1h", fast_period=(5, 50, 5))`.

    A tuple `(min, max)` or `(min, max, step)` and a `range` are ranges, a list is its values, one value is fixed; a
    parameter that is not named is its default. Settings are those of an optimization: `method`, `budget`, `sort_by`,
    `conditions=["fast_period < slow_period"]`, `filters={"min_total_trades": 30}`, …
    """
    settings = {"initial_cash": initial_cash, **named}

    def submitted(client: Forge) -> Submission:
        series = _series(client, asset, exchange, time_frame, named)
        return client.submit_optimization(optimization_of(strategy, series, start, end, axes or {}, settings))

    result, page, opened = _ended(forge, submitted, progress=progress)
    return FinishedOptimization(cast("OptimizationResult", result), page, opened)


def _ended(
    forge: Forge | None, submitted: Callable[[Forge], Submission], *, progress: bool
) -> tuple[BacktestResult | OptimizationResult, str, Opened]:
    """The result of what is submitted, its page, and how to ask for more of it: a client that was given stays open."""
    opened: Opened = Forge if forge is None else lambda: nullcontext(forge)
    with opened() as client:
        submission = submitted(client)
        page = f"{client.url}{submission.links.report}"
        return _waited(client, submission, progress=progress), page, opened


def _series(
    forge: Forge, asset: str | None, exchange: str | None, time_frame: str | None, named: Mapping[str, Any]
) -> Series:
    """The series, or the first of `data_subscriptions`."""
    datasets = forge.datasets()
    if several := named.get("data_subscriptions"):
        main = msgspec.convert(sent(several[0]), DataSubscription)
        return series_meant(datasets, main.asset_name, main.exchange, main.time_frame)
    return series_meant(datasets, asset, exchange, time_frame)


def _waited(forge: Forge, submission: Submission, *, progress: bool) -> BacktestResult | OptimizationResult:
    try:
        return forge.wait(submission, progress=progress and submission.dedup != "cached")
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(f"The run goes on; Forge.cancel({submission.run_key!r}) stops it.")
        raise
