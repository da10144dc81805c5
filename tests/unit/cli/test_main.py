"""The command as a whole."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from server.cli import main as entry
from server.cli.main import forge
from server.settings import VARIABLES

HEAVY = ("httpx", "rich", "server.app", "server.client.asynchronous", "starlette", "uvicorn", "numpy")


@pytest.mark.parametrize("command", [[], ["serve"], ["submit"], ["optimize"], ["import"], ["status"], ["strategies"]])
def test_help_imports_nothing_that_takes_long(command: list[str]) -> None:
    program = (
        "import sys\n"
        "from server.cli.main import forge\n"
        "forge.main([*sys.argv[1:], '--help'], standalone_mode=False)\n"
        f"print('loaded', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "loaded []"


def test_every_command_in_the_list_can_be_had() -> None:
    context = click.Context(forge)
    for name in forge.list_commands(context):
        found = forge.get_command(context, name)
        assert found is not None
        assert found.name == name
        assert found.help


def test_an_unknown_command_is_a_mistake_of_usage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["forge", "frobnicate"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    assert ended.value.code == 2
    assert "No such command 'frobnicate'" in capsys.readouterr().err


def test_bad_settings_are_named_all_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["forge", "serve", "--port", "eighty"])
    monkeypatch.setenv("FORGE_LOG", "xml")
    monkeypatch.setenv("FORGE_WORKRES", "2")
    with pytest.raises(SystemExit) as ended:
        entry.main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert [name for name in ("PORT='eighty'", "FORGE_LOG='xml'", "FORGE_WORKRES") if name not in told] == []


def test_the_help_of_serve_lists_every_setting() -> None:
    told = CliRunner().invoke(forge, ["serve", "--help"]).output
    assert [one.name for one in VARIABLES if f" {one.name} " not in told.replace("\n", " ")] == []


@pytest.mark.parametrize("place", ["before", "after"])
def test_the_server_may_be_named_before_or_after_the_command(place: str) -> None:
    url = ["--url", "nonsense"]
    ended = CliRunner().invoke(forge, [*url, "datasets"] if place == "before" else ["datasets", *url])
    assert ended.exit_code == 2
    assert "FORGE_URL='nonsense'" in ended.output


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["-p", "fastPeriod"], "give it as name=…"),
        (["--from", "yesterday"], "no day like 2024-01-31"),
        (["--cash", "much"], "--cash"),
    ],
)
def test_options_are_checked_before_a_server_is_asked(typed: list[str], told: str) -> None:
    series = ["--asset", "A", "--exchange", "B", "--time-frame", "1h"]
    ended = CliRunner().invoke(forge, ["submit", "Probe", *series, *typed])
    assert (ended.exit_code, told in ended.output) == (2, True)
