"""Turns a submission into what can be run: everything it names is found, checked and identified."""

import difflib

from server.contract.identity import run_key
from server.contract.problems import ForgeError, InvalidRequest
from server.contract.requests import BacktestRequest, OptimizationRequest
from server.runs.groundwork import Groundwork, groundwork
from server.runs.prepare_optimization import prepare_optimization
from server.runs.prepared import AnyPrepared, PreparedBacktest
from server.runs.slices import Series
from server.runs.supported import refuse_unsupported
from server.runs.windows import windows_of
from server.strategies.parameters import bind_parameters
from server.strategies.source import FoundStrategy


def prepare(request: BacktestRequest | OptimizationRequest, found: FoundStrategy, series: Series) -> AnyPrepared:
    """Checks a submission against its strategy and the catalogue.

    Raises InvalidRequest with the path of the field, or ForgeError `not_supported`, `strategy_broken`.
    """
    refuse_unsupported(request)
    ground = groundwork(request, found, series)
    if isinstance(request, OptimizationRequest):
        return prepare_optimization(request, ground, windows_of(request, ground, series))
    return _prepare_backtest(request, ground)


def _prepare_backtest(request: BacktestRequest, ground: Groundwork) -> PreparedBacktest:
    info = ground.info
    parameters = bind_parameters(info.parameters, request.strategy_parameters, "strategyParameters")
    decisive = {**ground.main.identity, "parameters": parameters}
    key = run_key("backtest", info.name, info.version, ground.start_ms, ground.end_ms, decisive)
    return PreparedBacktest(run_key=key, total=ground.main.bars, parameters=parameters, **ground.prepared(request))


def unknown_strategy(name: str, known: list[str]) -> ForgeError:
    """The error for a strategy that is not loaded, with the name that may be meant, and those of all that are."""
    listed = ", ".join(known) if known else "none is loaded"
    by_folded = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    hint = f"; did you mean {by_folded[near[0]]}?" if near else ""
    message = f"there is no strategy {name!r}{hint or ';'} there are: {listed}"
    return InvalidRequest("unknown_strategy", "strategyName", message)
