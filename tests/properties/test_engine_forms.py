"""The interpreted and the compiled form of a run give the same answer, to the last bit."""

import inspect
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.contract.base import ParamValue
from server.contract.catalogue import ParameterInfo
from server.contract.requests import Account, Commission
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies import Strategy
from server.strategies.discovery import SHIPPED_FOLDER
from server.strategies.strategy import parameters_of
from tests.forms import both_forms, told_in_both_forms
from tests.fuzzing import Fuzz
from tests.generating import sources
from tests.trading import COIN, EURUSD, HOUR_MS, Bars, walk
from tests.written import written


def shipped() -> list[type[Strategy]]:
    """Every strategy that is shipped."""
    modules = [import_module(f"server.strategies.shipped.{file.stem}") for file in SHIPPED_FOLDER.glob("[a-z]*.py")]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Strategy) and value.__module__ == module.__name__
    ]


SETTINGS: Final = st.builds(
    EngineSettings,
    initial_cash=st.sampled_from([500.0, 10_000.0, 1e6]),
    commission=st.sampled_from(
        [
            Commission(model="rate", value=0.0),
            Commission(model="rate", value=0.001, minimum=0.01),
            Commission(model="perOrder", value=0.35),
            Commission(model="perUnit", value=0.005),
        ]
    ),
    account=st.sampled_from(
        [
            Account(type="cash"),
            Account(type="margin", leverage=3.0),
            Account(type="margin", leverage=20.0, maintenance_rate=0.03),
        ]
    ),
    slippage_ticks=st.integers(0, 3),
    close_at_end=st.booleans(),
    risk_free_rate=st.sampled_from([0.0, 0.03]),
)
WALKS: Final = st.builds(
    walk, st.integers(2, 400), seed=st.integers(0, 1000), start=st.just(2_000), step=st.integers(9, 40)
)
SEVERAL_ASSETS: Final = st.just(
    EngineSettings(
        initial_cash=1e6,
        commission=Commission(model="rate", value=0.001),
        account=Account(type="margin", leverage=4.0, maintenance_rate=0.05),
        close_at_end=True,
    )
)


@st.composite
def cut(draw: Any, walks: st.SearchStrategy[Bars] = WALKS) -> Series:
    """A run over some bars of a walk: not always from the first to the last."""
    bars = draw(walks)
    count = bars.shape[1]
    first = draw(st.integers(0, count - 1))
    return Series(bars, first, draw(st.integers(first + 1, count)), COIN, HOUR_MS)


def values_of(info: ParameterInfo) -> st.SearchStrategy[ParamValue]:
    """Values within a parameter's bounds; periods no longer than the walks, and quantities that can be paid."""
    low, high = info.min or 0, info.max or 100
    match info.type:
        case "int":
            return st.integers(int(low), int(min(high, 60)))
        case "float" if info.name == "quantity":
            return st.sampled_from([0.001, 0.5, 1.0, 3.0, 1e6])
        case "float":
            return st.floats(low, high)
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(info.choices or [])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 1_000_000), st.sampled_from([0.05, 0.5, 1.0]), st.booleans(), cut(), SETTINGS)
def test_a_strategy_that_does_everything_by_chance_does_the_same_in_both_forms(
    seed: int, eager: float, wild: bool, series: Series, under: EngineSettings
) -> None:
    both_forms(Fuzz, [series], {"seed": seed, "eager": eager, "wild": wild}, under)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 1_000_000), WALKS, WALKS, st.sampled_from([COIN, EURUSD]), SEVERAL_ASSETS)
def test_a_run_of_two_series_is_the_same_in_both_forms(
    seed: int, main: Bars, other: Bars, asset: Any, under: EngineSettings
) -> None:
    series = [Series(main, 0, main.shape[1], COIN, HOUR_MS), Series(other, 0, other.shape[1], asset, HOUR_MS)]
    both_forms(Fuzz, series, {"seed": seed, "eager": 0.5}, under)


@pytest.mark.parametrize("strategy", sorted(shipped(), key=str))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_shipped_strategy_does_the_same_in_both_forms(strategy: type[Strategy], data: st.DataObject) -> None:
    infos = parameters_of(strategy).values()
    parameters = {info.name: data.draw(values_of(info), info.name) for info in infos}
    series = [data.draw(cut())]
    if "asset=1" in inspect.getsource(strategy):
        other = walk(series[0].bars.shape[1], seed=data.draw(st.integers(0, 1000)), start=2_000, step=20)
        series.append(series[0]._replace(instrument=EURUSD, bars=other))
    both_forms(strategy, series, parameters, data.draw(SETTINGS))


@settings(
    max_examples=8,  # each is compiled, which takes longer than all else
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(sources(), SETTINGS)
def test_a_strategy_of_random_text_does_the_same_in_both_forms_or_fails_alike(text: str, under: EngineSettings) -> None:
    bars = walk(150, start=2_000, step=30)
    with tempfile.TemporaryDirectory() as folder:
        told_in_both_forms(written(Path(folder), text), [Series(bars, 0, 150, COIN, HOUR_MS)], {}, under)
