"""Signals and warnings of strategies: told to whoever listens, in the same words by both forms."""

import math
from pathlib import Path
from typing import Final

import pytest

from server.engine.events import Event, Recorder
from server.engine.series import Series
from server.strategies import Strategy
from server.strategies.errors import StrategyError
from tests.forms import both_forms, told_in_both_forms
from tests.stages import STOCK
from tests.trading import COIN, HOUR_MS, Counter, flat_bars, run, scripted, settings, walk
from tests.written import bars_of_code, written

BARS: Final = walk(20, start=2_000, step=30)
SERIES: Final = [Series(BARS, 0, 20, COIN, HOUR_MS)]


def told(strategy: type[Strategy], series: list[Series] = SERIES) -> list[Event]:
    """The signals and warnings of a run, after both forms have told the same."""
    interpreted, compiled = told_in_both_forms(strategy, series, {}, settings(account="margin"))
    assert not isinstance(compiled.outcome, Exception), compiled.outcome
    assert compiled.outcome.mode == "compiled", compiled.outcome.warnings
    return [event for event in interpreted.events if event.type in ("sig", "warn")]


def test_a_signal_is_told_with_its_direction_and_strength(tmp_path: Path) -> None:
    lines = (
        "if bar.i == 3:",
        "    self.signal('cross', 1, 0.1 + 0.2)",
        "if bar.i == 4:",
        "    self.signal('cross', -7)",
        "    self.signal('other', 0, strength=-2)",
    )
    first, *others = told(written(tmp_path, bars_of_code(*lines)))
    assert (first.ts, first.type, first.src) == (int(BARS[0, 3]), "sig", "strategy")
    assert first.d == {"assetName": "COIN", "signalName": "cross", "direction": "long", "strength": 0.1 + 0.2}
    assert [event.d for event in others] == [
        {"assetName": "COIN", "signalName": "cross", "direction": "short"},
        {"assetName": "COIN", "signalName": "other", "direction": "flat", "strength": -2.0},
    ]


def test_a_strength_that_is_no_number_is_left_out(tmp_path: Path) -> None:
    lines = ("self.signal('s', 1, math.inf)", "self.signal('s', 1, math.nan)", "self.signal('s', 1, None)")
    events = told(written(tmp_path, bars_of_code(*lines)))
    assert len(events) == 60
    assert all("strength" not in event.d for event in events)


def test_a_warning_is_told_among_the_orders_of_its_bar(tmp_path: Path) -> None:
    lines = ("if bar.i == 3:", "    self.buy(1)", "    self.warn('too quiet \"today\"')", "    self.sell(1)")
    strategy = written(tmp_path, bars_of_code(*lines))
    (warning,) = told(strategy)
    assert (warning.ts, warning.src, warning.d) == (int(BARS[0, 3]), "strategy", {"message": 'too quiet "today"'})
    recorder = Recorder()
    run(strategy, BARS, listeners=[recorder])
    kinds = [event.type for event in recorder.events if event.ts == warning.ts]
    assert kinds == ["ord.place", "warn", "ord.place", "bar"]


def test_handlers_and_functions_signal_too_and_choices_may_name_signals(tmp_path: Path) -> None:
    text = """
    class Probe(Strategy):
        kind: str = param("fast", choices=["fast", "slow"])

        def on_bar(self, bar):
            if bar.i == 3:
                self.buy(1)
                self.tell(bar.close)

        def on_fill(self, fill):
            self.warn("filled")

        def on_open(self, open):
            if open.i == 2:
                self.warn("opened")

        def tell(self, price):
            self.signal(self.kind, 1, price)
    """
    events = told(written(tmp_path, text))
    assert [event.d.get("message", event.d.get("signalName")) for event in events] == ["opened", "fast", "filled"]
    assert [event.ts for event in events] == BARS[0, [2, 3, 4]].tolist()


def test_a_signal_names_its_asset(tmp_path: Path) -> None:
    both = [*SERIES, Series(walk(20, start=500), 0, 20, STOCK, HOUR_MS)]
    events = told(written(tmp_path, bars_of_code("if bar.i == 3:", "    self.signal('s', 1, asset=bar.asset)")), both)
    assert [event.d["assetName"] for event in events] == ["COIN", "STOCK"]


def test_a_signal_on_an_unknown_asset_fails_in_the_users_line(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("self.signal('s', 1, asset=bar.i)"))
    _, compiled = told_in_both_forms(strategy, SERIES, {}, settings())
    assert isinstance(compiled.outcome, StrategyError)
    assert "there is no asset 1 (at bar 1)" in compiled.outcome.message


def test_what_is_told_does_not_depend_on_whether_anybody_listens(tmp_path: Path) -> None:
    strategy = written(tmp_path, bars_of_code("self.signal('s', 1)", "if bar.i % 5 == 0:", "    self.buy(1)"))
    listened = both_forms(strategy, SERIES, {}, settings())
    alone = run(strategy, BARS)
    assert (alone.orders.tobytes(), alone.fills.tobytes()) == (listened.orders.tobytes(), listened.fills.tobytes())


@pytest.mark.parametrize("listening", [True, False])
def test_signals_without_end_fail_the_run_whether_or_not_anybody_listens(listening: bool) -> None:
    def endless(strategy: Strategy) -> None:
        while True:
            strategy.signal("s", 1)

    with pytest.raises(StrategyError, match=r"within one bar, signals and warnings counted \(at bar 1\)"):
        run(scripted({1: endless}), flat_bars(*[100] * 3), listeners=[Recorder()] * listening, progress=Counter())


def test_signals_without_end_fail_in_machine_code_as_in_python(tmp_path: Path) -> None:
    lines = ("for k in range(9000 if bar.i == 3 else 1):", "    self.warn('w')")
    _, compiled = told_in_both_forms(written(tmp_path, bars_of_code(*lines)), SERIES, {}, settings())
    assert isinstance(compiled.outcome, StrategyError)
    assert "signals and warnings counted (at bar 3)" in compiled.outcome.message


def test_many_signals_a_bar_are_all_told(tmp_path: Path) -> None:
    lines = ("for k in range(5000):", "    self.signal('s', k - 2500, k / 7)")
    events = told(written(tmp_path, bars_of_code(*lines)))
    assert len(events) == 100_000
    assert [event.d.get("strength") for event in events[:5000]] == [k / 7 for k in range(5000)]


@pytest.mark.parametrize("name", [b"bytes", 7, None])
def test_the_name_of_a_signal_is_text(name: object) -> None:
    with pytest.raises(StrategyError, match="a signal's name and a warning are text"):
        run(scripted({0: lambda s: s.signal(name, 1)}), BARS)  # type: ignore[arg-type]  # what a user may write


def test_the_strength_of_a_signal_is_kept_to_the_last_bit() -> None:
    strengths = [math.pi, -0.0, 5e-324, -1.7976931348623157e308, 2.0**53 + 2]
    recorder = Recorder()
    steps = {i: lambda s, x=x: s.signal("s", 1, x) for i, x in enumerate(strengths)}
    run(scripted(steps), BARS, listeners=[recorder])
    found = [event.d["strength"] for event in recorder.events if event.type == "sig"]
    assert [value.hex() for value in found] == [value.hex() for value in strengths]
