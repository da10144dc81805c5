"""The process of a sweep's coordinator: messages in, messages out, nothing else."""

import os
import signal
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedIOBase
from queue import SimpleQueue
from typing import Final

import msgspec

from server import logs
from server.logs import LogStyle
from server.runs.coordinator import Coordinator
from server.runs.sweep_messages import (
    ChunkEnded,
    FromCoordinator,
    Resized,
    StopSweep,
    SweepPlan,
    TimeOver,
    ToCoordinator,
)
from server.store.apart import NICENESS

LENGTH_BYTES: Final = 4


def run_coordinator(connection: socket.socket, style: LogStyle | None = None) -> None:
    """Serves one sweep until it has ended or the owner is gone (then its end of the socket closes).

    `style`: how the owner writes its log.
    """
    if style is not None:
        logs.configure(*style)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with suppress(ConnectionError):  # the owner was killed: nobody is left to tell
        _serve(connection)


def _serve(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as source, connection.makefile("wb") as sink:
        inbox = Inbox(source)
        plan = inbox.next()
        if not isinstance(plan, SweepPlan):
            return
        with logs.about(run_key=plan.run_key, attempt=plan.attempt):
            _coordinate(plan, inbox, sink)


def _coordinate(plan: SweepPlan, inbox: "Inbox", sink: BufferedIOBase) -> None:
    coordinator = Coordinator(plan, interrupted=inbox.stopping.is_set)
    _send(sink, coordinator.begin())
    while not coordinator.ended:
        message = inbox.next()
        match message:
            case ChunkEnded():
                _send(sink, coordinator.chunk_ended(message))
            case StopSweep():
                _send(sink, coordinator.stopped())
            case TimeOver():
                _send(sink, coordinator.time_over())
            case Resized(slots=slots):
                _send(sink, coordinator.resized(slots))
            case SweepPlan():
                raise AssertionError("a coordinator serves one plan")
            case None:
                return


class Inbox:
    """Reads ahead in a thread of its own, so that a search that thinks hears that nobody waits for it any more.

    What is read ahead is bounded by the chunks that are under way.
    """

    def __init__(self, source: BufferedIOBase) -> None:
        self.stopping = threading.Event()
        self._source = source
        self._decoder = msgspec.msgpack.Decoder(ToCoordinator)
        self._messages: SimpleQueue[ToCoordinator | msgspec.DecodeError | None] = SimpleQueue()
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next(self) -> ToCoordinator | None:
        """The next message; None when there will be none. DecodeError for what is no message."""
        message = self._messages.get()
        if isinstance(message, msgspec.DecodeError):
            raise message
        return message

    def _read(self) -> None:
        end: msgspec.DecodeError | None = None
        try:
            while (message := self._receive()) is not None:
                if isinstance(message, StopSweep):
                    self.stopping.set()
                self._messages.put(message)
        except msgspec.DecodeError as error:
            end = error
        self.stopping.set()
        self._messages.put(end)  # or whoever waits for the next one would wait for ever

    def _receive(self) -> ToCoordinator | None:
        try:
            head = self._source.read(LENGTH_BYTES)
            content = self._source.read(int.from_bytes(head, "big"))
        except (OSError, ValueError):  # the owner was killed, or this end is closed
            return None
        return self._decoder.decode(content) if len(head) == LENGTH_BYTES else None


def _send(sink: BufferedIOBase, messages: Sequence[FromCoordinator]) -> None:
    for message in messages:
        content = msgspec.msgpack.encode(message)
        sink.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    sink.flush()
