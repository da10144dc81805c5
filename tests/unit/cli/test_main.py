"""The command as a whole."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from server.cli import main as entry
from server.cli.faults import EXIT_CODES
from server.cli.main import forge
from server.variables import VARIABLES
from tests.cli_reference import all_commands

HEAVY = ("httpx", "rich", "server.app", "server.client.asynchronous", "starlette", "uvicorn", "numpy")


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["serve"],
        ["submit"],
        ["optimize"],
        ["import"],
        ["status"],
        ["strategies"],
        ["list"],
        ["trials"],
        ["export"],
        ["doctor"],
        ["demo"],
        ["strategies", "check"],
        ["strategies", "new"],
    ],
)
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


@pytest.mark.parametrize(
    ("typed", "code", "exit_code"),
    [
        (["frobnicate"], "bad_usage", 2),
        (["submit", "--nonsense"], "bad_usage", 2),
        (["delete", "last"], "bad_usage", 2),
        (["datasets", "--url", "nonsense"], "bad_settings", 2),
        (["datasets", "--url", "http://127.0.0.1:9"], "no_server", 1),
    ],
)
def test_what_ends_a_command_is_one_line_of_json_where_json_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: list[str], code: str, exit_code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["forge", *typed, "--json"])
    with pytest.raises(SystemExit) as ended:
        entry.main()
    told = capsys.readouterr()
    problem = json.loads(told.err)
    assert (problem["code"], problem["exitCode"], ended.value.code, told.out) == (code, exit_code, exit_code, "")


def test_every_command_that_answers_can_answer_in_json() -> None:
    silent = {"serve", "demo", "edge", "scheduler", "worker", "completion"}
    answering = {
        path.removeprefix("forge ")
        for path, command, _ in all_commands()
        if not isinstance(command, click.Group) and "as_json" not in {one.name for one in command.params}
    }
    assert answering == silent


def test_the_help_of_forge_lists_the_exit_codes() -> None:
    told = CliRunner().invoke(forge, ["--help"]).output
    assert [code for code in EXIT_CODES if f"  {code} " not in told] == []
