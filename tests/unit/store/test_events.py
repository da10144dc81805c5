"""Event logs as clients read them."""

from pathlib import Path

import msgspec
import pytest

from server.contract.events import Event, EventType
from server.contract.problems import ForgeError
from server.store import events
from server.store.events import EventFilter
from server.store.results import ResultFiles
from tests.unit.store.runs import key_of

TYPES: tuple[EventType, ...] = ("bar", "ord.fill", "pos")
EVENTS = [
    Event(
        ts=-1000 + 10 * at, sq=1 + at, type=TYPES[at % 3], src="engine", d={"_t": '"_t":"bar"', "note": "é" * (at % 50)}
    )
    for at in range(5_000)
]


@pytest.fixture
def folder(files: ResultFiles) -> Path:
    """The folder of an attempt with a log of several blocks."""
    folder = files.attempt_dir(key_of(1), 1, create=True)
    content = msgspec.json.Encoder().encode_lines(EVENTS)
    assert len(content) > 5 * events.BLOCK_BYTES
    (folder / "events.ndjson").write_bytes(content)
    return folder


async def read(files: ResultFiles, folder: Path, wanted: EventFilter, limit: int | None = None) -> list[Event]:
    """The events that a client gets."""
    pieces = [piece async for piece in files.events(folder, wanted, limit=limit, missing="none")]
    return msgspec.json.Decoder(Event).decode_lines(b"".join(pieces))


async def test_a_whole_log_is_given_as_it_is(files: ResultFiles, folder: Path) -> None:
    assert await read(files, folder, EventFilter()) == EVENTS


@pytest.mark.parametrize("limit", [1, 2, 1_000, 4_999, 5_000, 9_999])
async def test_a_limit_counts_from_the_first(files: ResultFiles, folder: Path, limit: int) -> None:
    assert await read(files, folder, EventFilter(), limit) == EVENTS[:limit]
    fills = [event for event in EVENTS if event.type == "ord.fill"]
    assert await read(files, folder, EventFilter(types={"ord.fill"}), limit) == fills[:limit]


async def test_events_have_the_types_and_times_that_are_wanted(files: ResultFiles, folder: Path) -> None:
    assert await read(files, folder, EventFilter(types={"bar", "pos"})) == [e for e in EVENTS if e.type != "ord.fill"]
    within = await read(files, folder, EventFilter(from_ms=-500, to_ms=30_000))
    assert within == [event for event in EVENTS if -500 <= event.ts <= 30_000]
    assert await read(files, folder, EventFilter(from_ms=10**12)) == []


async def test_an_attempt_without_a_log_says_so(files: ResultFiles) -> None:
    folder = files.attempt_dir(key_of(2), 1, create=True)
    with pytest.raises(ForgeError, match="none") as refusal:
        await read(files, folder, EventFilter())
    assert refusal.value.code == "not_found"
