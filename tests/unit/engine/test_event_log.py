"""The file of an event log: whole, or not there."""

import errno
from pathlib import Path

import msgspec
import pytest

from server.contract.events import Event
from server.engine.event_log import event_log
from server.strategies.errors import StrategyError
from tests.trading import flat_bars, run, scripted

BARS = flat_bars(100, 110, 120)


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    """The log, and where it grows."""
    return tmp_path / "events.ndjson", tmp_path / "events.live.ndjson"


def left(path: Path) -> list[str]:
    """The names of the files beside a path."""
    return [file.name for file in path.parent.iterdir()]


def test_a_log_holds_a_line_an_event(paths: tuple[Path, Path]) -> None:
    with event_log(*paths) as log:
        run(scripted({0: lambda s: s.buy(1)}), BARS, listeners=[log])
        assert left(paths[0]) == ["events.live.ndjson"]
    events = msgspec.json.Decoder(Event).decode_lines(paths[0].read_bytes())
    told = ["run.start", "ord.place", "bar", "ord.fill", "pos", "bar", "bar", "run.end"]
    assert [event.type for event in events] == told
    assert paths[0].read_bytes().startswith(b'{"ts":1704067200000,"sq":1,"_t":"run.start","src":"engine","d":{')
    assert left(paths[0]) == ["events.ndjson"]


def test_the_log_of_a_failed_strategy_is_kept(paths: tuple[Path, Path]) -> None:
    def breaks(_: object) -> None:
        raise ValueError("no more")

    with pytest.raises(StrategyError), event_log(*paths) as log:
        run(scripted({1: breaks}), BARS, listeners=[log])
    assert b'"_t":"err"' in paths[0].read_bytes().splitlines()[-1]
    assert left(paths[0]) == ["events.ndjson"]


def test_whatever_else_ends_a_run_leaves_nothing(paths: tuple[Path, Path]) -> None:
    def is_interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), event_log(*paths) as log:
        run(scripted({2: is_interrupted}), BARS, listeners=[log])
    assert left(paths[0]) == []


def test_a_full_disk_is_told_and_leaves_nothing(paths: tuple[Path, Path]) -> None:
    paths[1].symlink_to("/dev/full")
    with pytest.raises(OSError) as refusal, event_log(*paths) as log:
        run(scripted(), BARS, listeners=[log])
    assert refusal.value.errno == errno.ENOSPC
    assert left(paths[0]) == []
