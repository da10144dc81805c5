"""What a shell is offered while no server answers."""

import socket
import time

import pytest
from click.shell_completion import ShellComplete

from server.cli import main


def offered(typed: str) -> list[str]:
    """What stands for the last word."""
    *words, incomplete = typed.split(" ")
    completed = ShellComplete(main.forge, {}, "forge", "_FORGE_COMPLETE").get_completions(words, incomplete)
    return [one.value for one in completed]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("strat", ["strategies"]),
        ("strategies ", ["list", "check", "new"]),
        ("submit --risk", ["--risk-free-rate"]),
        ("completion z", ["zsh"]),
    ],
)
def test_commands_options_and_choices_need_no_server(typed: str, found: list[str]) -> None:
    assert offered(typed) == found


def test_a_server_that_does_not_answer_holds_no_shell_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.cli.completing._PATIENCE_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("FORGE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        assert offered("watch ") == ["last"]
        assert time.monotonic() - began < 5


def test_bad_settings_are_no_news_to_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGE_URL", "nonsense")
    assert offered("submit S") == []
