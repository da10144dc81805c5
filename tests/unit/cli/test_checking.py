"""Strategy files are checked in a process of their own, and begun from templates that pass."""

import asyncio
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from server.cli.main import forge
from server.cli.starters import TEMPLATES, starter
from server.cli.strategies_check import lines
from server.cli.trying import Check
from server.cli.trying import check as tried

HEAD = "from server.strategies import Bar, Strategy, param\n\n\n"
WRONG = (
    HEAD
    + '''class Named(Strategy):
    version = "1 0"

    def on_bar(self, bar: Bar) -> None:
        pass


class Bounded(Strategy):
    version = "1.0"
    n: int = param(5, min=10, max=3)

    def on_bar(self, bar: Bar) -> None:
        pass


class Raises(Strategy):
    """Fails at a bar."""

    version = "1.0"

    def on_bar(self, bar: Bar) -> None:
        print(bar.i)
        if bar.i == 7:
            raise ValueError("seven")
'''
)


def checked(folder: Path, text: str, name: str = "mine.py") -> Check:
    """What is found out about a file with this text."""
    (folder / name).write_text(text)
    return asyncio.run(tried(folder / name, whole_folder=False))


def shown(found: Check) -> str:
    """What is printed of it, without colours."""
    return click.unstyle("\n".join(lines(found)))


def test_every_template_loads_compiles_and_runs(tmp_path: Path) -> None:
    names = [f"Of{template.capitalize()}" for template in TEMPLATES]
    texts = [starter(template, name) for template, name in zip(TEMPLATES, names, strict=True)]
    found = checked(tmp_path, "\n\n".join(texts))
    assert found.ok
    assert [one.name for one in found.strategies] == names
    assert [one.name for one in found.strategies if not one.compilable or one.ran.bars < 1_000] == []
    assert [one.name for one in found.strategies if not one.ran.fills] == ["OfBlank"]


def test_every_problem_of_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    found = checked(tmp_path, WRONG)
    told = shown(found)
    assert not found.ok
    for part in (
        "mine.py:5:5: version: '1 0' does not match",
        '    version = "1 0"\n        ^',
        "mine.py:13:5: n: min 10 is above max 3",
        "mine.py:25:9: print() is not available in bar code",
        "mine.py:27:13: bar code cannot raise",
        "ValueError: seven (at bar 7)",
        'File "mine.py", line 27, in on_bar',
    ):
        assert part in told


def test_a_strategy_of_two_assets_is_tried_with_two(tmp_path: Path) -> None:
    rule = "        if self.last_price(1) > 0 and self.position_of(1) == 0:\n            self.buy(1, asset=1)\n"
    text = f'{HEAD}class Pair(Strategy):\n    version = "1.0"\n\n    def on_bar(self, bar: Bar) -> None:\n{rule}'
    found = checked(tmp_path, text)
    (pair,) = found.strategies
    assert (found.ok, pair.ran.fills, pair.ran.warnings) == (
        True,
        1,
        ["it asks for a second asset: give it two series"],
    )


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("mine.py", f"{HEAD}class A(Strategy)\n", "mine.py:4:18: SyntaxError: expected ':'"),
        ("mine.py", "import os\nos.kill(os.getpid(), 9)\n", "mine.py: the worker process was killed by SIGKILL"),
        ("_mine.py", "", "are passed over"),
        ("mine.py", "", "there is no strategy in it"),
    ],
)
def test_a_file_that_cannot_be_loaded_says_why(tmp_path: Path, name: str, text: str, told: str) -> None:
    found = checked(tmp_path, text, name)
    assert (found.ok, told in shown(found)) == (False, True)


def test_what_new_begins_stands_in_the_strategies_folder_and_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORGE_HOME", str(tmp_path))
    first = CliRunner().invoke(forge, ["strategies", "new", "my-pullback", "--json"])
    file = Path(json.loads(first.output)["file"])
    assert (json.loads(first.output)["name"], file) == ("MyPullback", tmp_path / "strategies" / "my_pullback.py")
    file.write_text("mine")
    again = CliRunner().invoke(forge, ["strategies", "new", "MyPullback"])
    assert (again.exit_code, "is there already" in again.output, file.read_text()) == (1, True, "mine")


@pytest.mark.parametrize("name", ["2fast", "a/b", "SmaCrossover", "class", "ä", ""])
def test_what_can_be_no_name_is_refused(name: str, tmp_path: Path) -> None:
    words = ["strategies", "new", name.replace("class", "True"), "--output", str(tmp_path)]
    assert CliRunner().invoke(forge, words).exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "called"), [([], "list"), (["SmaCrossover"], "list"), (["--json"], "list"), (["chek", "x.py"], "check")]
)
def test_strategies_alone_lists_them(words: list[str], called: str) -> None:
    ended = CliRunner().invoke(forge, ["strategies", *words, *(["--url", "nonsense"] if called == "list" else [])])
    assert ended.exit_code == 2
    assert ("FORGE_URL='nonsense'" if called == "list" else "did you mean 'check'?") in ended.output
