"""A download's states, on a terminal and elsewhere."""

import pytest
from rich.console import Console

from server.cli.download_progress import BarView, JsonView, LineView, told, view
from tests.states import download_of


def test_a_download_is_told_in_words() -> None:
    now = download_of(
        phase="fetching",
        fetched=1_200,
        expected=8_784,
        bar_time="2024-02-19T23:00:00.000Z",
        rate_per_second=3_100.4,
        eta_seconds=2.4,
    )
    assert told(now) == "fetching, 1,200 of 8,784 bars (13%), to 2024-02-19, 3,100 bars/s, 2.4 s left"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phase": "connecting"}, "asking for the market"),
        ({"phase": "waiting", "notice": "the exchange is not available; asking again in 2 s"}, None),
        ({"status": "Failed", "phase": None}, "Failed"),
    ],
)
def test_what_it_does_stands_first(changes: dict[str, str], words: str | None) -> None:
    assert told(download_of(**changes)) == (words or changes["notice"])


def test_lines_come_at_most_once_a_second_and_the_last_at_once() -> None:
    clock = iter([0.0, 0.4, 1.1, 1.2])
    lines: list[str] = []
    shown = LineView(lines.append, lambda: next(clock))
    for fetched in (1, 2, 3):
        shown.show(download_of(phase="fetching", fetched=fetched))
    shown.show(download_of(status="Completed", phase=None, fetched=4))
    assert lines == ["fetching, 1 bars", "fetching, 3 bars", "Completed, 4 bars"]


def test_what_is_no_terminal_gets_lines() -> None:
    assert isinstance(view(as_json=False), LineView)
    assert isinstance(view(as_json=True), JsonView)


def test_the_bar_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(record=True, width=80, force_terminal=True)
    monkeypatch.setattr("server.cli.download_progress.console", lambda: terminal)
    with BarView() as shown:
        shown.show(download_of(phase="fetching", fetched=5, expected=10))
        (task,) = shown._progress.tasks
        assert (task.completed, task.total, task.description) == (5, 10, "fetching, 5 of 10 bars (50%)")
