"""A compiled run that fails tells what the interpreted one tells: message, line, trace, bar, events, progress."""

from collections.abc import Callable
from pathlib import Path

import pytest

from server.contract.problems import ForgeError
from server.engine import backtest
from server.engine.outcome import EngineResult
from server.engine.series import Series
from server.strategies.errors import StrategyError
from tests.forms import Told, told_in_both_forms
from tests.trading import COIN, HOUR_MS, settings, walk
from tests.written import HEADER_LINES, bars_of_code, written

BARS = 9_000
LATE = 8_500
"""Beyond the first block of machine code."""
Both = Callable[..., tuple[Told, Told]]


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    """What both forms of a strategy tell over a walk that is played in many blocks."""
    monkeypatch.setattr(backtest, "_BLOCK_S", 1e-9)

    def told(*lines: str, init: str = "pass", methods: str = "", bars: int = BARS) -> tuple[Told, Told]:
        strategy = written(tmp_path, bars_of_code(*lines, init=init, methods=methods))
        series = [Series(walk(bars, start=2_000, step=30), 0, bars, COIN, HOUR_MS)]
        return told_in_both_forms(strategy, series, {}, settings(cash=1e6, leverage=2.0, account="margin"))

    return told


TRADE = "if bar.i % 7 == 0:\n    self.buy(1, stop_loss=bar.close - 40, take_profit=bar.close + 40, group=bar.i + 1)"


@pytest.mark.parametrize(
    ("code", "message", "at"),
    [
        ("self.x = 1 / (bar.i - AT)", "ZeroDivisionError: division by zero", 0),
        ("self.x = 1 / (bar.i - AT)", "ZeroDivisionError: division by zero", 1),
        ("self.x = 1.5 % (bar.i - AT)", "ZeroDivisionError: float modulo", LATE),
        ("self.n = 7 // (bar.i - AT)", "ZeroDivisionError: integer division or modulo by zero", LATE),
        ("self.x = self.w[3 + (bar.i == AT)]", "IndexError: list index out of range", LATE),
        ("self.x = math.sqrt(AT - bar.i - 1)", "ValueError: math domain error", 0),
        ("self.n = int(self.x if bar.i == AT else 0.0)", "ValueError: cannot convert float NaN to integer", LATE),
        (
            "self.n = round(self.y if bar.i == AT else 0.0)",
            "OverflowError: cannot convert float infinity to integer",
            3,
        ),
        ("for k in range(0, 3, AT - bar.i):\n    self.n += k", "ValueError: range() arg 3 must not be zero", LATE),
        ("self.x = self.position_of(int(bar.i == AT))", "IndexError: the run has 1 asset; there is no asset 1", LATE),
        ("self.n = 1 << -(bar.i == AT)", "ValueError: negative shift count", LATE),
    ],
)
def test_an_error_of_the_strategy_is_told_as_the_interpreter_tells_it(
    both: Both, code: str, message: str, at: int
) -> None:
    init = "self.x = math.nan\nself.y = math.inf\nself.n = 0\nself.w = window(4)"
    _, compiled = both(TRADE, code.replace("AT", str(at)), init=init)
    failure = compiled.outcome
    assert isinstance(failure, StrategyError)
    assert failure.message == f"{message} (at bar {at})"
    assert failure.bar == at
    assert "probe.py" in failure.stack_trace
    assert [event.type for event in compiled.events].count("run.start") == 1
    assert compiled.events[-1].type == "err"


def test_the_trace_shows_the_users_lines_down_to_the_one_that_failed(both: Both) -> None:
    methods = "def ratio(self, a, b):\n    return a / b"
    _, compiled = both("self.x = self.ratio(bar.close, bar.i - 5)", init="self.x = 0.0", methods=methods)
    assert isinstance(compiled.outcome, StrategyError)
    lines = compiled.outcome.stack_trace.splitlines()
    assert f'  File "probe.py", line {HEADER_LINES + 8}, in on_bar' in lines
    assert f'  File "probe.py", line {HEADER_LINES + 6}, in ratio' in lines


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("self.n = self.big * (self.big if bar.i == AT else 1) % 7", "leaves 64 bits"),
        ("self.n = -(self.low + (bar.i != AT)) % 7", "leaves 64 bits"),
        ("self.n = abs(self.low + (bar.i != AT)) % 7", "leaves 64 bits"),
        ("self.n = (self.low + (bar.i != AT)) // self.minus % 7", "leaves 64 bits"),
        ("self.n = (1 << (80 if bar.i == AT else 2)) % 7", "leaves 64 bits"),
        ("self.n = int(1e19 if bar.i == AT else 2.0) % 7", "int() of a number that is NaN or beyond 64 bits"),
        ("self.x = self.big / 3 if bar.i == AT else 1.0", "beyond 2**53 meets a float"),
        ("if bar.i == AT:\n    self.x = self.big", "beyond 2**53 meets a float"),
        ("self.x = self.w[0 - (bar.i == AT)]", "window index out of range"),
    ],
)
def test_what_machine_code_cannot_hold_is_finished_by_the_interpreter(both: Both, code: str, reason: str) -> None:
    init = """
    self.n = 0
    self.x = 0.0
    self.low = -(2 ** 63)
    self.minus = -1
    self.big = 2 ** 53 + 1
    self.w = window(3)
    """
    interpreted, compiled = both(TRADE, code.replace("AT", str(LATE)), init=init)
    result = compiled.outcome
    assert isinstance(result, EngineResult)
    assert result.mode == "interpreted"
    assert reason in result.warnings[0]
    assert result.warnings[0].endswith(f"(at bar {LATE})")
    assert [event.type for event in compiled.events].count("run.start") == 1
    assert compiled.progress[-1] == interpreted.progress[-1]


def test_too_many_orders_end_the_run_alike(both: Both) -> None:
    _, compiled = both("if bar.i > 5:\n    self.buy(1, limit=5)")
    assert isinstance(compiled.outcome, StrategyError)
    assert compiled.outcome.message == (
        "TooManyOrders: more than 1000 orders wait at once; cancel some or place fewer (at bar 1006)"
    )


def test_too_many_orders_within_one_bar_end_the_run_alike(both: Both) -> None:
    code = f"if bar.i == {LATE}:\n    for k in range(10000):\n        self.buy(0)"
    _, compiled = both(TRADE, code)
    assert isinstance(compiled.outcome, StrategyError)
    assert compiled.outcome.message == (
        "TooManyOrders: more than 8192 orders were placed or ended within one bar, signals and warnings counted "
        f"(at bar {LATE})"
    )


def test_orders_that_never_end_within_on_fill_end_the_run_alike(both: Both) -> None:
    methods = "def on_fill(self, fill):\n    self.buy(1, limit=1000000)\n    self.sell(1, limit=1)"
    _, compiled = both("if bar.i == 3:\n    self.buy(1)", methods=methods, bars=20)
    assert isinstance(compiled.outcome, StrategyError | ForgeError)


def test_equity_beyond_all_money_ends_the_run_alike(tmp_path: Path) -> None:
    bars = walk(400, start=2_000, step=30)
    bars[1:5, 200:] += 2**45
    strategy = written(tmp_path, bars_of_code("if bar.i == 3:\n    self.buy(share=1.0)"))
    series = [Series(bars, 0, 400, COIN, HOUR_MS)]
    _, compiled = told_in_both_forms(strategy, series, {}, settings(cash=1e9))
    assert isinstance(compiled.outcome, ForgeError), compiled.outcome
    assert compiled.outcome.code == "money_overflow"
