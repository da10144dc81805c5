"""A download's states, on a terminal and elsewhere."""

import json
from io import StringIO

import pytest
from rich.console import Console

from server.cli.download_progress import lines, shown, told
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
    written: list[str] = []
    show = lines(written.append, lambda: next(clock))
    for fetched in (1, 2, 3):
        show(download_of(phase="fetching", fetched=fetched))
    show(download_of(status="Completed", phase=None, fetched=4))
    assert written == ["fetching, 1 bars", "fetching, 3 bars", "Completed, 4 bars"]


def test_programs_get_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(as_json=True) as show:
        show(download_of(fetched=1))
        show(download_of(fetched=2))
    assert [json.loads(line)["fetched"] for line in capsys.readouterr().out.splitlines()] == [1, 2]


def test_what_is_no_terminal_gets_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(as_json=False) as show:
        show(download_of(phase="connecting"))
    assert capsys.readouterr().out == "asking for the market\n"


def test_a_terminal_gets_a_bar_with_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    terminal = Console(file=out, width=80, force_terminal=True)
    monkeypatch.setattr("server.cli.download_progress.console", lambda: terminal)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    with shown(as_json=False) as show:
        show(download_of(phase="fetching", fetched=5, expected=10))
    assert "fetching, 5 of 10 bars (50%)" in out.getvalue()
