"""Files and folders that are there whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli.faults import Fault
from server.cli.saving import new_folder, save


def breaking() -> Iterator[bytes]:
    yield b"first"
    raise EOFError("cut off")


def test_a_file_that_breaks_off_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "trials.csv"
    assert save([b"a,", b"b"], path) == 3
    with pytest.raises(EOFError):
        save(breaking(), path)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"a,b"]


def test_a_folder_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run"
    with new_folder(path, force=False) as scratch:
        (scratch / "result.json").write_text("{}")
        assert not path.exists()
    assert [one.name for one in path.iterdir()] == ["result.json"]


def test_a_folder_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "old").touch()
    with pytest.raises(Fault, match="--force replaces it"), new_folder(tmp_path / "run", force=False):
        pass
    with pytest.raises(EOFError), new_folder(tmp_path / "run", force=True):
        raise EOFError
    assert [one.name for one in (tmp_path / "run").iterdir()] == ["old"]
    with new_folder(tmp_path / "run", force=True) as scratch:
        (scratch / "new").touch()
    assert [one.name for one in (tmp_path / "run").iterdir()] == ["new"]
    assert [one.name for one in tmp_path.iterdir()] == ["run"]
