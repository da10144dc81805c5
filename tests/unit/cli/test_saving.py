"""Files and folders that are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
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


def new(path: Path, *, force: bool = True) -> AbstractContextManager[Path]:
    return new_folder(path, force=force, always={"run.json", "result.json"}, only={"run.json", "result.json", "a.csv"})


def folder(path: Path, *names: str) -> Path:
    path.mkdir()
    for name in names:
        (path / name).touch()
    return path


def test_a_folder_has_its_name_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run"
    with new(path, force=False) as scratch:
        (scratch / "result.json").write_text("{}")
        assert not path.exists()
    assert [one.name for one in path.iterdir()] == ["result.json"]


def test_a_folder_that_is_there_stays_unless_forced(tmp_path: Path) -> None:
    run = folder(tmp_path / "run", "run.json", "result.json", "a.csv")
    with pytest.raises(Fault, match="--force replaces it"), new(run, force=False):
        pass
    with pytest.raises(EOFError), new(run):
        raise EOFError
    assert (run / "a.csv").exists()
    with new(run) as scratch:
        (scratch / "new").touch()
    assert [one.name for one in run.iterdir()] == ["new"]
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_what_was_not_written_so_is_not_replaced_by_force_either(tmp_path: Path) -> None:
    project = folder(tmp_path / "project", "run.json", "result.json", "thesis")
    half = folder(tmp_path / "half", "result.json")
    nested = folder(tmp_path / "nested", "run.json", "result.json")
    (nested / "a.csv").mkdir()
    for path in (project, project / "thesis", half, nested):
        with pytest.raises(Fault, match="something else"), new(path):
            pass
    assert (project / "thesis").exists()


@pytest.mark.parametrize("broken", [KeyboardInterrupt, PermissionError])
def test_a_folder_whose_replacement_breaks_off_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: type[BaseException]
) -> None:
    run = folder(tmp_path / "run", "run.json", "result.json")
    rename, renamed = Path.rename, []

    def second_breaks(self: Path, target: Path) -> Path:
        renamed.append(target)
        if len(renamed) == 2:
            raise broken
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_breaks)
    with pytest.raises((KeyboardInterrupt, Fault)), new(run):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["run"]
    assert {one.name for one in run.iterdir()} == {"run.json", "result.json"}


def test_a_folder_that_cannot_be_put_back_is_kept_aside_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = folder(tmp_path / "run", "run.json", "result.json")
    rename, renamed = Path.rename, []

    def only_the_first(self: Path, target: Path) -> Path:
        renamed.append(target)
        if len(renamed) > 1:
            raise PermissionError
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", only_the_first)
    with pytest.raises(Fault, match="nor put back"), new(run):
        pass
    (aside,) = tmp_path.iterdir()
    assert {one.name for one in (aside / "run").iterdir()} == {"run.json", "result.json"}
