"""Frames go to sockets whole, or what they do not take goes to the transport."""

import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from server.live.codec import JSON, Codec
from server.live.line import Line


class Member:
    """A connection; `rest` is what its transport was given."""

    codec: Codec = JSON

    def __init__(self) -> None:
        self.rest: list[bytes] = []
        self.lost = False

    def lose(self) -> None:
        self.lost = True


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        yield ours, theirs


def served(line: Line, frame: bytes) -> int:
    line.begin()
    return line.serve(frame, 10)


def test_a_socket_that_takes_a_frame_leaves_the_transport_alone(pair: tuple[socket.socket, socket.socket]) -> None:
    line, member = Line(), Member()
    line.add(member, member.rest.append, pair[0].fileno())
    assert served(line, b"frame") == 1
    assert pair[1].recv(100) == b"frame"
    assert member.rest == []


def test_what_a_socket_does_not_take_goes_to_the_transport_and_nothing_twice(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    line, member = Line(), Member()
    line.add(member, member.rest.append, ours.fileno())
    frame = bytes(range(256)) * 40_000
    served(line, frame)
    (rest,) = member.rest
    assert 0 < len(rest) < len(frame)
    taken = b""
    while len(taken) < len(frame) - len(rest):
        taken += theirs.recv(1 << 20)
    assert taken + rest == frame


def test_a_full_socket_leaves_all_of_a_frame_to_the_transport(pair: tuple[socket.socket, socket.socket]) -> None:
    line, member = Line(), Member()
    line.add(member, member.rest.append, pair[0].fileno())
    with suppress(BlockingIOError):
        while True:
            pair[0].send(b"x" * 65_536)
    served(line, b"frame")
    assert member.rest == [b"frame"]


def test_a_broken_socket_is_the_transports_affair_and_the_next_member_is_served(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    broken, other = Member(), Member()
    line = Line()
    line.add(other, other.rest.append)
    line.add(broken, broken.rest.append, pair[0].fileno())
    pair[1].close()
    assert served(line, b"frame") == 2
    assert (broken.rest, other.rest) == ([b"frame"], [b"frame"])


def test_members_that_leave_in_the_middle_are_told_from_those_that_were_served() -> None:
    line, members = Line(), [Member() for _ in range(5)]
    for member in members:
        line.add(member, member.rest.append)
    line.begin()
    assert line.serve(b"frame", 3) == 3
    had = [line.remove(member) for member in members]
    assert had == [member.rest == [b"frame"] for member in members]
    assert had.count(True) == 3
