"""Whole numbers that are kept where floats are: Python keeps all their digits, machine code says where it cannot."""

from pathlib import Path
from typing import Any

import pytest

from server.engine.series import Series
from server.strategies import Strategy
from tests.forms import told_in_both_forms
from tests.trading import COIN, HOUR_MS, settings, walk
from tests.written import bars_of_code, written

SERIES = [Series(walk(20, start=2_000, step=30), 0, 20, COIN, HOUR_MS)]
ROOT = 94_906_267
"""Its square is odd and beyond 2**53: no float holds it."""
REST = ROOT * ROOT - 5
INIT = "self.f = 0.0\nself.w = window(3)"


def told(strategy: type[Strategy]) -> tuple[str, list[str], list[Any]]:
    """Mode, warnings and the strengths of all signals, which are equal in both forms."""
    interpreted, compiled = told_in_both_forms(strategy, SERIES, {}, settings())
    assert not isinstance(compiled.outcome, Exception), compiled.outcome
    strengths = [event.d["strength"] for event in interpreted.events if event.type == "sig"]
    return compiled.outcome.mode, compiled.outcome.warnings, strengths


@pytest.mark.parametrize(
    "lines",
    [
        (f"self.f = {ROOT}", f"x = self.f * self.f - {REST}"),
        (f"self.f = {ROOT}", "x = self.f", f"x = x * x - {REST}"),
        (f"self.f = bar.i - bar.i + {ROOT}", f"x = {ROOT} * self.f - {REST}"),
        ("self.w[1] = round(94906267.4)", f"x = self.w[1] * self.w[1] - {REST}"),
        ("ring = self.w", f"ring[1] = {ROOT}", f"x = ring[1] * self.w[1] - {REST}"),
        (f"y = {ROOT}", "if bar.i < 0:", "    y = 0.5", f"x = y * y - {REST}"),
        (f"y = {ROOT} if bar.i >= 0 else 0.5", f"x = y * y - {REST}"),
        (f"y = max({ROOT}, 0.5)", f"x = y * y - {REST}"),
        (f"self.f = {ROOT}", f"x = self.squared(self.f) - {REST}"),
        (f"y = self.either(bar.i >= 0, {ROOT})", f"x = y * y - {REST}"),
        (f"self.f = {2**53}", f"x = self.f + 1 - {2**53 - 4}"),
        (f"self.f = {2**53}", f"x = self.f - {-1} - {2**53 - 4}"),
        (f"self.f = {2**53 - 1}", "self.f = self.f + self.f", f"x = self.f - {2**54 - 7}"),
    ],
)
def test_digits_that_a_float_has_not_are_left_to_the_interpreter(tmp_path: Path, lines: tuple[str, ...]) -> None:
    methods = """
    def squared(self, x):
        return x * x

    def either(self, whole, x):
        if whole:
            return x
        return 0.5
    """
    code = (*lines, "self.signal('x', 1, x)")
    mode, warnings, strengths = told(written(tmp_path, bars_of_code(*code, init=INIT, methods=methods)))
    assert strengths == [5.0] * 20
    assert mode == "interpreted"
    assert warnings[0].startswith("interpreted: OverflowError: a whole number beyond 2**53")


@pytest.mark.parametrize(
    ("lines", "strength"),
    [
        (("self.f = 3", "x = self.f * self.f // 2 - self.f % 2 + abs(self.f)"), 6.0),
        (("self.f = 3", "x = self.f / 2 + min(self.f, 7) + (-self.f)"), 1.5),
        (("self.f = bar.i > -1", "x = self.f * 4"), 4.0),
        (("self.f = 3", "x = (self.f and self.w[0]) or 2.5"), 2.5),
        (("self.f = 3", "self.n = int(self.f) + round(self.f) + math.floor(self.f)", "x = self.n + 0.5"), 9.5),
        (("self.f = 3", "x = 2.5 if self.f > 2 and self.f == 3 else 0.0"), 2.5),
        ((f"self.f = {ROOT}", "x = self.f * (self.w[0] + 1e12) / 1e12"), 0.0),
    ],
)
def test_what_floats_hold_stays_compiled(tmp_path: Path, lines: tuple[str, ...], strength: float) -> None:
    code = (*lines, "self.signal('x', 1, x)")
    mode, warnings, strengths = told(written(tmp_path, bars_of_code(*code, init=f"{INIT}\nself.n = 0")))
    assert (mode, warnings) == ("compiled", [])
    assert strengths == [strength or float(ROOT)] * 20


def test_floats_alone_may_be_as_large_as_they_like(tmp_path: Path) -> None:
    code = ("self.f = self.f * 1e9 + 1.5", "self.f = min(self.f, 1e150)", "self.signal('x', 1, self.f * self.f)")
    mode, _, strengths = told(written(tmp_path, bars_of_code(*code, init=INIT)))
    assert mode == "compiled"
    assert strengths[-1] > 1e299


def test_what_is_stored_at_the_end_of_a_bar_is_known_where_it_is_read_at_its_start(tmp_path: Path) -> None:
    code = (f"x = self.f * self.f - {REST}", "self.signal('x', 1, x)", f"self.f = {ROOT}")
    mode, _, strengths = told(written(tmp_path, bars_of_code(*code, init=INIT)))
    assert mode == "interpreted"
    assert strengths[1:] == [5.0] * 19
