"""States as they arrive, on a terminal and elsewhere."""

import json
from io import StringIO

import pytest
from msgspec import structs
from rich.console import Console

from server.cli.progress import BarView, JsonView, LineView, view
from server.contract.run import RunSnapshot
from tests.states import state_of


def at(seq: int) -> RunSnapshot:
    """The state after `seq` updates."""
    return state_of(rev=(1, seq))


def test_lines_come_at_most_once_a_second() -> None:
    clock = iter([0.0, 0.4, 0.9, 1.1])
    lines: list[str] = []
    shown = LineView(lines.append, lambda: next(clock))
    for seq in (1, 2, 3, 4):
        shown.show(at(seq))
    assert lines == ["Running: Processed 10 / 1,000 Bars (1%)", "Running: Processed 40 / 1,000 Bars (4%)"]


def test_the_final_line_comes_at_once() -> None:
    lines: list[str] = []
    shown = LineView(lines.append, lambda: 0.0)
    shown.show(at(1))
    shown.show(state_of(rev=(1, 2), status="Completed"))
    assert lines[-1] == "Completed: Processed 20 / 1,000 Bars (2%)"


def test_a_lost_connection_is_told_and_so_is_its_return() -> None:
    lines: list[str] = []
    shown = LineView(lines.append)
    shown.link("polling")
    shown.link("live")
    assert lines == ["connection lost, polling…", "connected again"]


def test_programs_get_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    shown = JsonView()
    shown.show(at(1))
    shown.link("polling")
    shown.show(at(2))
    states = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [state["rev"] for state in states] == [[1, 1], [1, 2]]


def test_what_is_no_terminal_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(view(as_json=False), LineView)
    assert isinstance(view(as_json=True), JsonView)
    assert capsys.readouterr().out == ""


def test_the_bar_stands_over_the_figures() -> None:
    shown = BarView()
    file = StringIO()
    drawn = Console(width=80, file=file)
    drawn.print(shown.drawn())
    snapshot = at(25)
    shown.show(structs.replace(snapshot, state=structs.replace(snapshot.state, phase="simulating")))
    shown.link("polling")
    drawn.print(shown.drawn())
    first, bar, figures, link = file.getvalue().splitlines()
    assert first.strip() == "connecting…"
    assert bar.startswith("Running, simulating ━━━━━━━━━━")
    assert figures.strip() == "Processed 250 / 1,000 Bars (25%)"
    assert link.strip() == "connection lost, polling…"
