"""Runs a strategy in both forms and holds one against the other."""

import functools
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from msgspec import structs

from server.contract.base import ParamValue
from server.contract.problems import ForgeError
from server.engine.backtest import run_backtest
from server.engine.compile.workshop import Workshop
from server.engine.events import Event, Recorder
from server.engine.outcome import EngineResult
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE
from server.strategies import Strategy
from server.strategies.errors import StrategyError
from tests.machine_code import COMPILED
from tests.trading import Counter


@functools.cache
def workshop() -> Workshop:
    """One for all tests of this process."""
    made = Workshop(COMPILED)
    made.prepare()
    return made


def both_forms(
    strategy: type[Strategy],
    series: Sequence[Series],
    parameters: Mapping[str, ParamValue],
    under: EngineSettings,
) -> EngineResult:
    """The result of the compiled run, after every table, figure, event and curve was found equal in both."""
    interpreted, compiled = told_in_both_forms(strategy, series, parameters, under)
    assert isinstance(interpreted.outcome, EngineResult), interpreted.outcome
    assert isinstance(compiled.outcome, EngineResult), compiled.outcome
    assert (interpreted.outcome.mode, compiled.outcome.mode) == ("interpreted", "compiled"), compiled.outcome.warnings
    assert compiled.outcome.warnings == interpreted.outcome.warnings
    return compiled.outcome


class Told(NamedTuple):
    """All that one form of a run tells: its result or the error that ended it, curve, events, progress."""

    outcome: EngineResult | StrategyError | ForgeError
    curve: bytes
    events: list[Event]
    progress: list[tuple[int, int, float]]


def told_in_both_forms(
    strategy: type[Strategy],
    series: Sequence[Series],
    parameters: Mapping[str, ParamValue],
    under: EngineSettings,
) -> tuple[Told, Told]:
    """What the interpreted and the compiled run tell, after all was found equal but the mode and the warnings.

    The compiled run may have ended interpreted; then a warning says why.
    """
    interpreted = _told(strategy, series, parameters, under, None)
    compiled = _told(strategy, series, parameters, under, workshop())
    for told in (interpreted, compiled):
        assert told.progress == sorted(told.progress, key=itemgetter(0))
    assert compiled.events == interpreted.events
    if isinstance(interpreted.outcome, EngineResult) and isinstance(compiled.outcome, EngineResult):
        _assert_equal(compiled.outcome, interpreted.outcome)
        assert interpreted.curve == compiled.curve
        if compiled.outcome.mode == "interpreted":
            reason, *others = compiled.outcome.warnings
            assert reason.startswith("interpreted: ")
            assert others == interpreted.outcome.warnings
    else:
        assert type(compiled.outcome) is type(interpreted.outcome), (compiled.outcome, interpreted.outcome)
        assert vars(compiled.outcome) == vars(interpreted.outcome)
    return interpreted, compiled


def _told(
    strategy: type[Strategy],
    series: Sequence[Series],
    parameters: Mapping[str, ParamValue],
    under: EngineSettings,
    compiler: Workshop | None,
) -> Told:
    main = series[0]
    curve = np.zeros(main.stop - main.first, dtype=EQUITY_DTYPE)
    recorder, progress = Recorder(), Counter()
    outcome: EngineResult | StrategyError | ForgeError
    try:
        outcome = run_backtest(
            strategy,
            parameters,
            series,
            under,
            progress=progress,
            compiler=compiler,
            equity_out=curve,
            listeners=[recorder],
        )
    except (StrategyError, ForgeError) as error:
        outcome = error
    events = [event for event in recorder.events if event.type != "run.end"]
    return Told(outcome, curve.tobytes(), events, progress.told)


def _assert_equal(compiled: EngineResult, interpreted: EngineResult) -> None:
    assert compiled.orders.tobytes() == interpreted.orders.tobytes()
    assert compiled.fills.tobytes() == interpreted.fills.tobytes()
    assert compiled.round_trips.tobytes() == interpreted.round_trips.tobytes()
    assert structs.asdict(compiled.metrics) == structs.asdict(interpreted.metrics)
    assert compiled.rejections == interpreted.rejections
