"""Finding strategies in a folder: what loads, and for what does not the file, the line and the reason."""

import os
import sys
from pathlib import Path

import pytest

from server.strategies.discovery import inspect_folders
from tests.unit.strategies.files import Folder

GOOD = """
class {name}(Strategy):
    def on_bar(self, bar):
        return
"""


def test_the_shipped_ones_are_there_without_a_folder(tmp_path: Path) -> None:
    found = {one.info.name: one for one in inspect_folders([tmp_path / "nowhere"], tmp_path / "sources")}
    assert found.keys() == {
        "AtrTrend",
        "BollingerBreakout",
        "BuyAndHold",
        "DonchianBreakout",
        "MacdCrossover",
        "PairSpread",
        "RsiReversion",
        "SmaCrossover",
    }
    assert all(one.info.error is None and one.source is not None for one in found.values())


def test_a_strategy_is_described_by_its_class(folder: Folder) -> None:
    folder.write(
        {
            "pull.py": '''
            class Pullback(Strategy):
                """Buys closes below the average.

                And more.
                """

                version = "2.1.0"
                period: int = param(20, min=2, max=500, step=1, description="Bars.")
                quantity: float = param(1.0, min=0.01)

                def on_bar(self, bar: Bar) -> None:
                    return
            '''
        }
    )
    info = folder.good("Pullback")
    assert (info.version, info.file) == ("2.1.0", "pull.py")
    assert info.description == "Buys closes below the average.\n\nAnd more."
    assert [parameter.name for parameter in info.parameters] == ["period", "quantity"]
    assert info.templates["backtest"]["strategyParameters"] == {"period": 20, "quantity": 1.0}
    assert info.templates["optimization"]["axes"]["period"] == {"min": 15, "max": 25, "step": 1}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("\nclass Broken(Strategy)\n    pass\n", 3, "SyntaxError: expected ':'"),
        ("\nimport nonexistent_module\n", 3, "ModuleNotFoundError: No module named 'nonexistent_module'"),
        ("\nx = 1\n\nraise RuntimeError('not today')\n", 5, "RuntimeError: not today"),
        ("\n1 / 0\n", 3, "ZeroDivisionError: division by zero"),
        ("\nimport sys\nsys.exit(3)\n", 4, "SystemExit: 3"),
        ("\nfrom .missing import x\n", 3, "ModuleNotFoundError"),
        ("\nx = 'open\n", 3, "SyntaxError"),
        ("\ndef f():\n    f()\nf()\n", 4, "RecursionError"),
    ],
)
def test_a_file_that_does_not_import_is_listed_with_line_and_reason(
    folder: Folder, text: str, line: int, told: str
) -> None:
    folder.write({"broken.py": text, "good.py": GOOD.format(name="Good")})
    error = folder.error("broken")
    assert (error.file, error.line) == ("broken.py", line)
    assert told in error.message
    folder.good("Good")


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("period: int = param(10, min=20)", 4, "period: the default 10 is not between"),
        ("period = param(10)", 4, "period: param() needs a type annotation"),
        ("version = 3", 4, "version: 3 does not match"),
        ("version = '1 2'", 4, "version: '1 2' does not match"),
        ("def normalize(self):\n        raise KeyError('no')", 5, "KeyError: 'no'"),
        ("def __init__(self, **p):\n        super().__init__(**p)\n        self.boom", 6, "AttributeError"),
    ],
)
def test_a_class_that_cannot_be_is_listed_with_its_line(folder: Folder, body: str, line: int, told: str) -> None:
    text = f"\nclass Bad(Strategy):\n    {body}\n\n    def on_bar(self, bar):\n        return\n"
    folder.write({"bad.py": text + GOOD.format(name="Good")})
    error = folder.error("Bad")
    assert (error.file, error.line) == ("bad.py", line)
    assert told in error.message
    folder.good("Good")


def test_a_name_with_an_underscore_is_refused(folder: Folder) -> None:
    folder.write({"bad.py": GOOD.format(name="Not_A_Key")})
    assert "no underscores" in folder.error("Not_A_Key").message


def test_the_line_of_an_imported_file_is_told(folder: Folder) -> None:
    folder.write({"main.py": "import tools\n" + GOOD.format(name="Main"), "_tools.py": ""})
    (folder.path / "tools.py").write_text("x = 1\n\n1 / 0\n")
    found = folder.inspect()
    error = found["main"].info.error
    assert error is not None
    assert (error.file, error.line) == ("tools.py", 3)
    (folder.path / "tools.py").write_text("x = (\n")
    error = folder.error("main")
    assert (error.file, error.line) == ("tools.py", 1)


def test_a_name_that_is_taken_is_an_error_of_the_later_file(folder: Folder) -> None:
    folder.write({"a.py": GOOD.format(name="Twin"), "b.py": "\n\n" + GOOD.format(name="Twin")})
    found = [one for one in inspect_folders([folder.path], folder.frozen) if one.info.name == "Twin"]
    assert [one.info.file for one in found] == ["a.py", "b.py"]
    assert found[0].source is not None
    error = found[1].info.error
    assert error is not None
    assert "taken by a.py" in error.message
    assert error.line == 5
    folder.write({"sma.py": GOOD.format(name="SmaCrossover")})
    assert "taken by sma_crossover.py" in folder.error("SmaCrossover").message


def test_bases_and_what_is_imported_are_no_strategies(folder: Folder) -> None:
    folder.write(
        {
            "bases.py": """
            class Base(Strategy):
                period: int = param(3)

            class _Hidden(Strategy):
                def on_bar(self, bar):
                    return
            """,
            "main.py": "from bases import Base\n" + GOOD.format(name="Main").replace("Strategy", "Base"),
            "_private.py": GOOD.format(name="Private"),
            "notes.txt": "nothing",
        }
    )
    assert folder.inspect().keys() == {"Main"}
    assert [parameter.name for parameter in folder.good("Main").parameters] == ["period"]


def test_what_is_no_file_of_text_is_listed_or_passed_over(folder: Folder) -> None:
    (folder.path / "folder.py").mkdir()
    (folder.path / "binary.py").write_bytes(bytes(range(256)))
    (folder.path / "latin.py").write_bytes("x = 'naïve'\n".encode("latin-1"))
    (folder.path / "deep.py").write_text("x = " + "(" * 10_000 + ")" * 10_000)
    (folder.path / "empty.py").touch()
    (folder.path / "dangling.py").symlink_to(folder.path / "nowhere")
    folder.write({"good.py": GOOD.format(name="Good")})
    found = folder.inspect()
    assert found.keys() == {"Good", "binary", "latin", "deep"}
    assert all(found[name].info.error for name in ("binary", "latin", "deep"))


def test_inspecting_leaves_the_process_as_it_was(folder: Folder) -> None:
    folder.write({"good.py": "import json\n" + GOOD.format(name="Good"), "broken.py": "1 / 0"})
    modules, path, cwd = set(sys.modules), list(sys.path), os.getcwd()
    folder.inspect()
    assert {name for name in set(sys.modules) - modules if "forge_source" in name or name == "good"} == set()
    assert (sys.path, os.getcwd()) == (path, cwd)
    assert [one.name for one in folder.frozen.iterdir() if one.name.startswith(".")] == []
    assert list(folder.path.rglob("__pycache__")) == []


def test_a_file_that_changed_is_another_source_and_a_comment_too(folder: Folder) -> None:
    folder.write({"good.py": GOOD.format(name="Good")})
    first = folder.good("Good").source_hash
    assert folder.good("Good").source_hash == first
    folder.write({"good.py": GOOD.format(name="Good") + "# better"})
    assert folder.good("Good").source_hash != first
