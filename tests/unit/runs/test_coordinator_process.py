"""What a coordinator hears while it thinks."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from server.runs.coordinator_process import LENGTH_BYTES, Inbox
from server.runs.sweep_messages import StopSweep, TimeOver, ToCoordinator

LIMIT_S = 5.0


def framed(content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def sent(*messages: ToCoordinator) -> bytes:
    return b"".join(framed(msgspec.msgpack.encode(message)) for message in messages)


@contextmanager
def inbox() -> Iterator[tuple[socket.socket, Inbox]]:
    """One, and the owner's end."""
    ours, theirs = socket.socketpair()
    with ours, theirs, theirs.makefile("rb") as source:
        yield ours, Inbox(source)
        ours.shutdown(socket.SHUT_RDWR)


def test_a_stop_is_heard_before_the_messages_ahead_of_it_are_taken() -> None:
    with inbox() as (owner, box):
        assert not box.stopping.is_set()
        owner.sendall(sent(TimeOver(), TimeOver(), StopSweep()))
        assert box.stopping.wait(LIMIT_S)
        assert [box.next() for _ in range(3)] == [TimeOver(), TimeOver(), StopSweep()]


def test_the_end_of_the_owner_ends_the_waiting() -> None:
    with inbox() as (owner, box):
        owner.sendall(sent(TimeOver()) + b"\x00")
        owner.shutdown(socket.SHUT_WR)
        assert [box.next(), box.next()] == [TimeOver(), None]
        assert box.stopping.is_set()


def test_what_cannot_be_read_leaves_nobody_waiting() -> None:
    with inbox() as (owner, box):
        owner.sendall(framed(b"nonsense"))
        with pytest.raises(msgspec.DecodeError):
            box.next()
        assert box.stopping.is_set()
