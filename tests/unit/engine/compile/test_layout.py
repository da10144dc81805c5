"""The record that a strategy becomes: its fields as init left them, its windows in one arena for each kind."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from server.engine.compile.kinds import Kind, Layout, Text, Window
from server.engine.compile.layout import examined, record_fields
from server.engine.compile.packing import OtherLayout, Packer, arenas
from server.engine.compile.problems import NotCompilable
from server.engine.compile.shapes import aligned
from server.strategies import Strategy
from server.strategies.strategy import make_strategy
from tests.written import written

if TYPE_CHECKING:
    from collections.abc import Callable


def layout_of(strategy: Strategy) -> Layout:
    """The layout of a strategy that has one; NotCompilable with all that stands against it."""
    layout, problems = examined(strategy)
    if problems:
        raise NotCompilable(problems)
    return layout


TEXT = """
class Pair(Indicator):
    def __init__(self, n):
        self.first = Sma(n)
        self.ready = False
        self.ring = window(2)


class Probe(Strategy):
    period: int = param(2, min=1, max=9)
    share: float = param(0.5)
    kind: str = param("a", choices=["a", "b"])
    quick: bool = param(True)

    def init(self):
        self.ints = int_window(3)
        self.ints[1] = 7
        self.pair = Pair(self.period)
        self.level = -0.0
        self.floats = window(2)
        self.floats[0] = 2.5
        self.count = 4

    def on_bar(self, bar):
        pass
"""


@pytest.fixture
def probe(tmp_path: Path) -> type[Strategy]:
    """A class with a field of every kind."""
    return written(tmp_path, TEXT)


def after_init(strategy: type[Strategy], **parameters: int | str) -> Strategy:
    """The strategy as a run begins with it."""
    made = make_strategy(strategy, parameters)
    made.init()
    return made


def test_the_fields_are_those_that_init_left_in_their_order(probe: type[Strategy]) -> None:
    layout = layout_of(after_init(probe))
    kinds = {name: kind for name, kind in layout.fields if not isinstance(kind, Layout)}
    assert kinds == {
        "period": Kind.INT,
        "share": Kind.FLOAT,
        "kind": Text("a"),
        "quick": Kind.BOOL,
        "ints": Window(Kind.INT),
        "level": Kind.FLOAT,
        "floats": Window(Kind.FLOAT),
        "count": Kind.INT,
    }
    pair = layout.field("pair")
    assert isinstance(pair, Layout)
    assert [name for name, _ in pair.fields] == ["first", "ready", "ring"]
    assert layout.readonly == {"period", "share", "kind", "quick"}


def test_values_and_fields_fit_and_windows_lie_one_after_the_other(probe: type[Strategy]) -> None:
    strategy = after_init(probe)
    layout = layout_of(strategy)
    into = arenas()
    record = np.zeros(1, dtype=aligned(record_fields(layout)))
    record[0] = Packer(layout).values(strategy, into)
    assert (list(into.floats), list(into.ints)) == ([2.5, 0.0, 0.0, 0.0], [0, 7, 0, 0, 0])
    state = record[0]
    assert (state["ints"], state["ints_length__"]) == (0, 3)
    assert (state["pair"]["first"]["ring"], state["pair"]["first"]["ring_length__"]) == (3, 2)
    assert (state["pair"]["ring"], state["pair"]["ring_length__"]) == (2, 2)
    assert (state["floats"], state["floats_length__"]) == (0, 2)
    assert (state["period"], state["share"], state["quick"], state["count"]) == (2, 0.5, True, 4)
    assert np.signbit(state["level"])


def test_numbers_make_no_other_layout_and_choices_do(probe: type[Strategy]) -> None:
    layout = layout_of(after_init(probe))
    assert layout_of(after_init(probe, period=9)) == layout
    assert hash(layout_of(after_init(probe, period=9))) == hash(layout)
    assert layout_of(after_init(probe, kind="b")) != layout


def test_a_strategy_without_fields_is_a_record_all_the_same(tmp_path: Path) -> None:
    strategy = after_init(written(tmp_path, "class Probe(Strategy):\n    def on_bar(self, bar):\n        pass\n"))
    layout = layout_of(strategy)
    assert layout.fields == ()
    assert (record_fields(layout), Packer(layout).values(strategy, arenas())) == ([("nothing__", "i8")], (0,))


def test_every_field_that_a_record_cannot_hold_is_told(tmp_path: Path) -> None:
    text = """
    class Probe(Strategy):
        def init(self):
            self.first = []
            self.second = 1
            self.third = {}
            self.fourth = None

        def on_bar(self, bar):
            pass
    """
    with pytest.raises(NotCompilable) as refused:
        layout_of(after_init(written(tmp_path, text)))
    assert [problem.message.split()[0] for problem in refused.value.problems] == [
        "self.first",
        "self.third",
        "self.fourth",
    ]


def test_what_is_laid_out_otherwise_is_not_packed(probe: type[Strategy]) -> None:
    packer = Packer(layout_of(after_init(probe)))
    changes: list[Callable[[Any], object]] = [
        lambda strategy: setattr(strategy, "count", 4.0),
        lambda strategy: setattr(strategy, "more", 1),
        lambda strategy: delattr(strategy, "count"),
        lambda strategy: setattr(strategy, "pair", None),
        lambda strategy: setattr(strategy, "ints", [0, 7, 0]),
        lambda strategy: strategy.ints.__setitem__(2, 1.0),
        lambda strategy: setattr(strategy, "kind", "b"),
    ]
    for change in changes:
        strategy = after_init(probe)
        packer.values(strategy, arenas())
        change(strategy)
        with pytest.raises(OtherLayout):
            packer.values(strategy, arenas())
