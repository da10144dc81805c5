"""The process of a sweep's coordinator: messages in, messages out, nothing else."""

import os
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from io import BufferedRWPair
from typing import Final

import msgspec

from server.runs.coordinator import Coordinator
from server.runs.sweep_messages import ChunkEnded, FromCoordinator, StopSweep, SweepPlan, TimeOver, ToCoordinator

LENGTH_BYTES: Final = 4
NICENESS: Final = 5
"""Of processes that must never hold up the owner."""


def run_coordinator(connection: socket.socket) -> None:
    """Serves one sweep until it has ended or the owner is gone (then its end of the socket closes)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    with suppress(ConnectionError):  # the owner was killed: nobody is left to tell
        _serve(connection)


def _serve(connection: socket.socket) -> None:
    decoder = msgspec.msgpack.Decoder(ToCoordinator)
    with connection, connection.makefile("rwb") as stream:
        plan = _receive(stream, decoder)
        if not isinstance(plan, SweepPlan):
            return
        coordinator = Coordinator(plan)
        _send(stream, coordinator.begin())
        while not coordinator.ended:
            message = _receive(stream, decoder)
            match message:
                case ChunkEnded():
                    _send(stream, coordinator.chunk_ended(message))
                case StopSweep():
                    _send(stream, coordinator.stopped())
                case TimeOver():
                    _send(stream, coordinator.time_over())
                case SweepPlan():
                    raise AssertionError("a coordinator serves one plan")
                case None:
                    return


def _receive(stream: BufferedRWPair, decoder: msgspec.msgpack.Decoder[ToCoordinator]) -> ToCoordinator | None:
    head = stream.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    content = stream.read(int.from_bytes(head, "big"))
    return decoder.decode(content)


def _send(stream: BufferedRWPair, messages: Sequence[FromCoordinator]) -> None:
    for message in messages:
        content = msgspec.msgpack.encode(message)
        stream.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    stream.flush()
