"""Files and folders that are there whole or not at all."""

import os
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


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert save([b"rows"], pipe) == 4
        assert os.read(reader, 10) == b"rows"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").touch()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    save([b"rows"], tmp_path / "link")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "there").read_bytes()) == (True, b"rows")


def test_a_folder_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run"
    with new_folder(path, force=False, mark="result.json") as scratch:
        (scratch / "result.json").write_text("{}")
        assert not path.exists()
    assert [one.name for one in path.iterdir()] == ["result.json"]


def test_a_folder_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mark").touch()
    (tmp_path / "run" / "old").touch()
    with pytest.raises(Fault, match="--force replaces it"), new_folder(tmp_path / "run", force=False, mark="mark"):
        pass
    with pytest.raises(EOFError), new_folder(tmp_path / "run", force=True, mark="mark"):
        raise EOFError
    assert (tmp_path / "run" / "old").exists()
    with new_folder(tmp_path / "run", force=True, mark="mark") as scratch:
        (scratch / "new").touch()
    assert [one.name for one in (tmp_path / "run").iterdir()] == ["new"]
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_what_was_not_written_so_is_not_replaced_by_force_either(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis").touch()
    for path in (tmp_path / "home", tmp_path / "home" / "thesis"):
        with pytest.raises(Fault, match="something else"), new_folder(path, force=True, mark="mark"):
            pass
    assert (tmp_path / "home" / "thesis").exists()
