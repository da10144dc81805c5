"""Runs as they go on, on a terminal, in a notebook and elsewhere."""

import sys
from io import StringIO
from types import ModuleType, SimpleNamespace

import pytest
from msgspec import structs
from rich.console import Console

from server.client.views import BarView, LineView, NotebookView, Unseen, in_notebook, progress_view, shown
from server.contract.run import RunSnapshot
from tests.states import OTHER, state_of

POLLING = "connection lost, polling…"


def at(seq: int) -> RunSnapshot:
    """The state after `seq` updates."""
    return state_of(rev=(1, seq))


class Notebook:
    """A kernel whose cell keeps what is displayed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cell: list[str] = []
        ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
        ipython.get_ipython = lambda: SimpleNamespace(kernel=object())  # type: ignore[attr-defined]
        display.HTML = str  # type: ignore[attr-defined]
        display.display = self._display  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "IPython", ipython)
        monkeypatch.setitem(sys.modules, "IPython.display", display)

    def _display(self, html: str, *, display_id: bool) -> SimpleNamespace:
        assert display_id
        self.cell.append(html)
        return SimpleNamespace(update=lambda newer: self.cell.__setitem__(-1, newer))


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    return Notebook(monkeypatch)


def test_lines_come_at_most_once_in_an_interval() -> None:
    clock = iter([0.0, 0.4, 0.9, 1.1])
    lines: list[str] = []
    view = LineView(lines.append, lambda: next(clock), interval_s=1)
    for seq in (1, 2, 3, 4):
        view.show(at(seq))
    assert lines == ["Running: Processed 10 / 1,000 Bars (1%)", "Running: Processed 40 / 1,000 Bars (4%)"]


def test_the_final_line_comes_at_once() -> None:
    lines: list[str] = []
    view = LineView(lines.append, lambda: 0.0)
    view.show(at(1))
    view.show(state_of(rev=(1, 2), status="Completed"))
    assert lines[-1] == "Completed: Processed 20 / 1,000 Bars (2%)"


def test_lines_of_several_runs_are_told_apart() -> None:
    lines: list[str] = []
    view = LineView(lines.append, lambda: 0.0)
    view.show(at(1))
    view.show(state_of(OTHER))
    view.show(state_of(OTHER))
    assert [line.partition(":")[0] for line in lines] == ["Running", "Probe 00000000 Running"]


def test_a_lost_connection_is_told_and_so_is_its_return() -> None:
    lines: list[str] = []
    view = LineView(lines.append)
    view.link("polling")
    view.link("live")
    assert lines == [POLLING, "connected again"]


def drawn(view: BarView) -> list[str]:
    """What a terminal shows of it."""
    file = StringIO()
    Console(width=80, file=file).print(view.drawn())
    return file.getvalue().splitlines()


def test_the_bar_stands_over_the_figures() -> None:
    view = BarView(Console())
    assert [line.strip() for line in drawn(view)] == ["connecting…"]
    snapshot = at(25)
    view.show(structs.replace(snapshot, state=structs.replace(snapshot.state, phase="simulating")))
    view.link("polling")
    bar, figures, link = drawn(view)
    assert bar.startswith("Running, simulating ━━━━━━━━━━")
    assert figures.strip() == "Processed 250 / 1,000 Bars (25%)"
    assert link.strip() == POLLING


def test_each_of_several_runs_has_its_bar() -> None:
    view = BarView(Console())
    view.show(at(25))
    view.show(state_of(OTHER, status="Completed"))
    assert [line.split("━")[0].strip() for line in drawn(view)[::2]] == [
        "Probe 00000000 Running",
        "Probe 00000000 Completed",
    ]


def test_a_notebook_draws_in_place(notebook: Notebook) -> None:
    with progress_view() as view:
        assert isinstance(view, NotebookView)
        view.show(at(1))
        view.link("polling")
        view.show(at(25))
    (html,) = notebook.cell
    assert '<progress value="250" max="1000"></progress> Processed 250 / 1,000 Bars (25%)' in html
    assert POLLING in html


def test_what_is_drawn_in_a_notebook_is_text_alone(notebook: Notebook) -> None:
    view = NotebookView()
    snapshot = at(1)
    view.show(structs.replace(snapshot, run=structs.replace(snapshot.run, strategy_name="<script>")))
    view.show(state_of(OTHER))
    assert "&lt;script&gt; 00000000" in notebook.cell[0]


def test_ipython_in_a_terminal_is_no_notebook(notebook: Notebook) -> None:
    assert in_notebook()
    sys.modules["IPython"].get_ipython = lambda: SimpleNamespace()  # type: ignore[attr-defined]
    assert not in_notebook()


def test_without_a_terminal_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(True) as view:
        view.show(at(1))
    assert capsys.readouterr() == ("", "Running: Processed 10 / 1,000 Bars (1%)\n")


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", terminal)
    with shown(True) as view:
        assert isinstance(view, BarView)
        view.show(at(25))
    assert "Processed 250" in terminal.getvalue()


def test_progress_is_shown_where_it_is_asked_for() -> None:
    entered = LineView()
    with shown(entered) as view:
        assert view is entered
    with shown(False) as view:
        assert type(view) is Unseen
        view.show(at(1))
        view.link("polling")
