"""Frozen copies: what is in them, and that nothing done to the user's files reaches a run."""

import os
import sys
from pathlib import Path

import pytest
from msgspec import structs

from server.strategies.freezing import collect_source, discard, keep, source_hash, stage
from server.strategies.loading import SourceChanged, load_strategy
from server.strategies.source import MODULE_PREFIX
from tests.unit.strategies.files import Folder

MAIN = """
from tools import PERIOD
from package import deep

class Main(Strategy):
    period: int = param(PERIOD)

    def on_bar(self, bar):
        return deep.VALUE
"""


@pytest.fixture
def written(folder: Folder) -> Folder:
    """A strategy with a module and a package of its own, and a file that it does not use."""
    folder.write({"main.py": MAIN, "tools.py": "from more import PERIOD", "more.py": "PERIOD = 7"})
    folder.write({"package/__init__.py": "", "package/deep.py": "from . import other\nVALUE = other.VALUE"})
    folder.write({"package/other.py": "VALUE = 1", "unused.py": "x = 1"})
    return folder


def test_a_source_is_the_file_with_every_local_module_it_imports(written: Folder) -> None:
    files = collect_source(written.path, "main.py")
    assert set(files) == {
        "main.py",
        "tools.py",
        "more.py",
        "package/__init__.py",
        "package/deep.py",
        "package/other.py",
    }
    assert files["more.py"] == (written.path / "more.py").read_bytes()


def test_imports_inside_functions_and_in_circles_are_seen(folder: Folder) -> None:
    folder.write({"main.py": "def f():\n    import a", "a.py": "import b", "b.py": "import a, main"})
    assert set(collect_source(folder.path, "main.py")) == {"main.py", "a.py", "b.py"}


def test_imports_reach_nothing_outside_of_the_folder(folder: Folder) -> None:
    (folder.path.parent / "secret.py").write_text("x = 1")
    folder.write({"main.py": "import os, server, numpy\nfrom ... import secret\nfrom ..secret import x"})
    assert set(collect_source(folder.path, "main.py")) == {"main.py"}


def test_every_byte_that_can_matter_is_in_the_hash(written: Folder) -> None:
    files = collect_source(written.path, "main.py")
    whole = source_hash("main.py", files)
    assert source_hash("main.py", dict(reversed(files.items()))) == whole
    others = {
        source_hash("tools.py", files),
        source_hash("main.py", {**files, "more.py": files["more.py"] + b" "}),
        source_hash("main.py", {**files, "extra.py": b""}),
        source_hash("main.py", {name.replace("more", "mor"): content for name, content in files.items()}),
    }
    assert len(others | {whole}) == 5


def test_an_edit_after_freezing_changes_nothing(written: Folder) -> None:
    source = written.source("Main")
    written.write({"main.py": "raise RuntimeError", "more.py": "PERIOD = 9"})
    strategy = load_strategy(source)()
    assert vars(strategy)["period"] == 7
    assert Path(source.directory).is_relative_to(written.frozen)


def test_two_versions_live_side_by_side(written: Folder) -> None:
    old = written.source("Main")
    written.write({"more.py": "PERIOD = 9"})
    new = written.source("Main")
    assert old.source_hash != new.source_hash
    assert [vars(load_strategy(source)())["period"] for source in (old, new, old)] == [7, 9, 7]
    assert load_strategy(old) is load_strategy(old)
    assert "tools" not in sys.modules


def test_a_module_of_the_user_is_meant_by_the_users_imports_alone(folder: Folder) -> None:
    folder.write({"json.py": "PERIOD = 11", "main.py": MAIN.replace("tools", "json"), "package/deep.py": "VALUE = 1"})
    folder.write({"package/__init__.py": ""})
    before = sys.modules["json"]
    assert vars(load_strategy(folder.source("Main"))())["period"] == 11
    assert sys.modules["json"] is before


def test_a_frozen_copy_that_was_tampered_with_is_not_run(written: Folder) -> None:
    written.write({"more.py": "PERIOD = 13"})  # a source that this process has not imported yet
    source = written.source("Main")
    file = Path(source.directory) / "more.py"
    file.chmod(0o644)
    file.write_text("PERIOD = 666")
    with pytest.raises(SourceChanged, match="was changed"):
        load_strategy(source)
    assert not [name for name in sys.modules if name.startswith(f"{MODULE_PREFIX}{source.source_hash}")]


def test_a_class_that_is_not_there_and_a_copy_that_is_gone_are_told(written: Folder) -> None:
    source = written.source("Main")
    with pytest.raises(SourceChanged, match="no strategy Other"):
        load_strategy(structs.replace(source, class_name="Other"))
    gone = structs.replace(source, source_hash="0" * 64, directory=str(written.frozen / "nowhere"))
    with pytest.raises(OSError, match=r"main\.py"):
        load_strategy(gone)


def test_what_does_not_load_is_not_kept(folder: Folder) -> None:
    folder.write({"broken.py": "1 / 0"})
    folder.inspect()
    shipped = {path.name for path in folder.frozen.iterdir()}
    assert source_hash("broken.py", collect_source(folder.path, "broken.py")) not in shipped


def test_a_copy_is_made_once_whoever_comes_first(folder: Folder, tmp_path: Path) -> None:
    frozen = tmp_path / "frozen"
    files = {"a.py": b"x = 1\n"}
    first, second = stage(frozen, "h" * 64, files), stage(frozen, "h" * 64, files)
    kept = keep(frozen, "h" * 64, first)
    inode = (kept / "a.py").stat().st_ino
    assert keep(frozen, "h" * 64, second) == kept
    for scratch in (first, second):
        discard(scratch)
    assert (kept / "a.py").stat().st_ino == inode
    assert os.listdir(frozen) == ["h" * 64]
    assert (kept / "a.py").stat().st_mode & 0o222 == 0


@pytest.mark.parametrize(
    "imports",
    [
        "from tools import PERIOD",
        "from tools import *",
        "import tools; PERIOD = tools.PERIOD",
        "from .tools import PERIOD",
        "from . import tools; PERIOD = tools.PERIOD",
        "from package.inner.deep import PERIOD",
        "from package.inner import deep; PERIOD = deep.PERIOD",
        "import package.inner.deep; PERIOD = package.inner.deep.PERIOD",
        "import package.inner.deep as deep; PERIOD = deep.PERIOD",
        "from package import PERIOD",
        "import numpy.linalg, os.path as path; from tools import PERIOD; path.join",
        "exec('from tools import PERIOD')\nimport tools",
    ],
)
def test_every_form_of_import_reaches_local_modules(folder: Folder, imports: str) -> None:
    folder.write({"tools.py": "PERIOD = 5", "package/inner/deep.py": "from ... import tools\nPERIOD = tools.PERIOD"})
    folder.write({"package/__init__.py": "from .inner.deep import PERIOD", "package/inner/__init__.py": ""})
    folder.write({"main.py": f"{imports}\n" + MAIN.split("deep\n", 1)[1].replace("deep.VALUE", "1")})
    assert vars(load_strategy(folder.source("Main"))())["period"] == 5
