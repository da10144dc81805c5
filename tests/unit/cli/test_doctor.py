"""Checks of machine and set-up."""

import os
import socket
import sqlite3
from pathlib import Path

import click
import pytest

from server.cli.doctor import home, machine, running
from server.cli.doctor.command import lines
from server.cli.doctor.findings import fault
from server.runs.home import Home
from server.store.migrations import MIGRATIONS, migrate


def database(root: Path) -> Path:
    """A home's database as the server makes it."""
    path = Home(root).database
    connection = sqlite3.connect(path)
    migrate(connection, path)
    connection.close()
    return path


def test_a_whole_database_is_read_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = database(tmp_path)
    found = home.database(tmp_path)
    assert (found.level, "whole, 0 runs" in found.found) == ("ok", True)
    assert list(tmp_path.iterdir()) == [path]


def test_a_database_that_is_being_written_is_read_too(tmp_path: Path) -> None:
    path = database(tmp_path)
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE home SET probe = 1")
    found = home.database(tmp_path)
    writer.rollback()
    writer.close()
    assert found.level == "ok"


@pytest.mark.parametrize(
    ("harm", "told"), [("damage", "cannot be read"), ("version", "was written by a newer version")]
)
def test_a_database_that_cannot_be_used_is_a_fault(tmp_path: Path, harm: str, told: str) -> None:
    path = database(tmp_path)
    if harm == "damage":
        path.write_bytes(b"no database" * 1000)
    else:
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.close()
    found = home.database(tmp_path)
    assert (found.level, told in found.found) == ("fault", True)


def test_the_owner_is_told_while_it_owns_the_home_and_not_afterwards(tmp_path: Path) -> None:
    assert home.owner(tmp_path) is None
    with Home(tmp_path).owned():
        assert home.owner(tmp_path) == os.getpid()
    assert home.owner(tmp_path) is None


def test_a_home_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    assert home.writable(tmp_path / "deep" / "home").level == "ok"
    assert home.free_disk(tmp_path / "deep" / "home").level != "fault"
    assert home.database(tmp_path / "deep").level == "ok"


def test_a_home_that_is_a_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert home.writable(tmp_path / "home").level == "fault"


def test_packages_that_are_missing_or_too_old_are_named() -> None:
    lines = ["click>=8.2", "numpy>=999", "uvicorn<0.1", "no-such-thing>=1 ; sys_platform != 'win32'"]
    told = [line.partition(" ")[0] for line in machine._unfit(lines)]
    assert told == ["numpy", "uvicorn", "no-such-thing"]


def test_few_files_matter_to_servers_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 1024))
    assert machine.descriptors(20_000, public=False).level == "ok"
    assert machine.descriptors(20_000, public=True).level == "warning"


@pytest.mark.parametrize(("owner", "level"), [(None, "ok"), (4711, "warning")])
def test_a_server_that_does_not_answer_is_told_when_one_should(owner: int | None, level: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen, so that nobody answers there
        (found,) = running.server(f"http://127.0.0.1:{taken.getsockname()[1]}", None, owner)
        redis = running.redis(f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        dask = running.dask(f"tcp://127.0.0.1:{taken.getsockname()[1]}")
    assert (found.level, redis.level, dask.level) == (level, "fault", "fault")


def test_advice_stands_below_what_was_found() -> None:
    assert [click.unstyle(line).split() for line in lines(fault("disk", "full", "make room"))] == [
        ["fault", "disk", "full"],
        ["make", "room"],
    ]
