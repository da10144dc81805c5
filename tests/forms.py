"""Runs a strategy in both forms and holds one against the other."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np

from server.contract.base import ParamValue
from server.engine.backtest import run_backtest
from server.engine.compile.workshop import Workshop
from server.engine.events import Event, Recorder
from server.engine.outcome import EngineResult
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE
from server.strategies import Strategy
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
    main = series[0]
    results: list[EngineResult] = []
    curves: list[bytes] = []
    told: list[list[Event]] = []
    for compiler in (None, workshop()):
        curve = np.zeros(main.stop - main.first, dtype=EQUITY_DTYPE)
        recorder = Recorder()
        results.append(
            run_backtest(
                strategy,
                parameters,
                series,
                under,
                progress=Counter(),
                compiler=compiler,
                equity_out=curve,
                listeners=[recorder],
            )
        )
        curves.append(curve.tobytes())
        told.append([event for event in recorder.events if event.type != "run.end"])
    interpreted, compiled = results
    assert (interpreted.mode, compiled.mode) == ("interpreted", "compiled"), compiled.warnings
    assert compiled.orders.tobytes() == interpreted.orders.tobytes()
    assert compiled.fills.tobytes() == interpreted.fills.tobytes()
    assert compiled.round_trips.tobytes() == interpreted.round_trips.tobytes()
    assert compiled.metrics == interpreted.metrics
    assert compiled.rejections == interpreted.rejections
    assert compiled.warnings == interpreted.warnings
    assert curves[0] == curves[1]
    assert told[0] == told[1]
    return compiled
