"""The event log on the disk: one event a line, in order, there whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from server.contract.events import Event
from server.strategies.errors import StrategyError

EVENTS_FILE: Final = "events.ndjson"
_ENCODER: Final = msgspec.json.Encoder()


class EventLog:
    """Implements EventSink: keeps nothing in memory but the block that it is given."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def accept(self, events: Sequence[Event]) -> None:
        """Writes the events; OSError when the disk is full."""
        self._file.write(_ENCODER.encode_lines(events))


@contextmanager
def event_log(path: Path, scratch: Path) -> Iterator[EventLog]:
    """A log that grows in `scratch` and is named `path` once it is whole: the run is over or its strategy has failed.

    The log of a failure is kept because its last events tell what led to it. Whatever else is raised leaves no file.
    OSError when the disk is full.
    """
    try:
        with scratch.open("wb") as file:
            try:
                yield EventLog(file)
            except StrategyError:
                _keep(file, scratch, path)
                raise
            _keep(file, scratch, path)
    finally:
        scratch.unlink(missing_ok=True)


def _keep(file: BinaryIO, scratch: Path, path: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    scratch.replace(path)
