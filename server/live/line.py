"""Members of an express lane that speak one form, in the order in which they are served."""

import logging
import os
from collections.abc import Callable
from typing import Final, Protocol

from server.live.codec import Codec

_log: Final = logging.getLogger(__name__)

Write = Callable[[bytes], None]
NO_SOCKET: Final = -1


class Member(Protocol):
    """A connection on the lane."""

    @property
    def codec(self) -> Codec:
        """The form in which it speaks."""
        ...

    def lose(self) -> None:
        """Its socket cannot be written to."""
        ...


class Line:
    """The first `_served` members have the newest frame, the others wait for it; between frames all have it.

    What is called lies in a list of its own: with ten thousand members none of them is in the processor's cache, and
    taking them from a dictionary one by one would cost a tenth more than the system's own work for a frame. For that
    reason too a frame goes to the number of the socket, where there is one: the transport is not touched then.
    """

    __slots__ = ("_members", "_places", "_served", "_sockets", "_writes")

    def __init__(self) -> None:
        self._writes: list[Write] = []
        self._sockets: list[int] = []
        self._members: list[Member] = []
        self._places: dict[Member, int] = {}
        self._served = 0

    def __len__(self) -> int:
        return len(self._writes)

    def __contains__(self, member: object) -> bool:
        return member in self._places

    def add(self, member: Member, write: Write, socket: int = NO_SOCKET) -> None:
        """Takes one that has the newest; `socket`: the descriptor behind `write`, to which nothing is buffered now."""
        last = len(self._writes)
        self._writes.append(write)
        self._sockets.append(socket)
        self._members.append(member)
        self._places[member] = last
        self._swap(last, self._served)
        self._served += 1

    def remove(self, member: Member) -> bool:
        """Lets one go; whether it has the newest."""
        place = self._places[member]
        has_newest = place < self._served
        if has_newest:
            self._served -= 1
            self._swap(place, self._served)
            place = self._served
        self._swap(place, len(self._writes) - 1)
        self._writes.pop()
        self._sockets.pop()
        self._members.pop()
        del self._places[member]
        return has_newest

    def _swap(self, one: int, other: int) -> None:
        if one == other:
            return
        writes, members, sockets = self._writes, self._members, self._sockets
        sockets[one], sockets[other] = sockets[other], sockets[one]
        writes[one], writes[other] = writes[other], writes[one]
        members[one], members[other] = members[other], members[one]
        self._places[self._members[one]] = one
        self._places[self._members[other]] = other

    def begin(self) -> None:
        """There is something newer: nobody has it."""
        self._served = 0

    def serve(self, frame: bytes, most: int) -> int:
        """Writes it to as many as `most` who wait; how many there were. One that is written to may make any leave."""
        writes, sockets, size = self._writes, self._sockets, len(frame)
        for count in range(most):
            place = self._served
            if place >= len(writes):
                return count
            socket, rest = sockets[place], frame
            self._served = place + 1
            if socket >= 0:
                try:
                    sent = os.write(socket, frame)
                except OSError:  # it takes nothing now, or is broken: the transport finds out which
                    sent = 0
                if sent == size:
                    continue
                rest = frame[sent:]
            write = writes[place]
            try:
                write(rest)
            except Exception:  # noqa: BLE001  # a socket that cannot be written to must not stop the others
                _log.debug("a socket could not be written to", exc_info=True)
                if place < len(writes) and writes[place] is write:  # or it has left already
                    self._members[place].lose()
        return most
