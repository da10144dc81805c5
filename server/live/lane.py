"""The express lane of a run: connections that know its newest state and whose sockets take more at once.

They are written to directly, one ready frame for all; their sessions need not hear of it until they leave.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

from server.live.codec import CODECS
from server.live.line import NO_SOCKET, Line, Member, Write
from server.live.news import Change, News, Removal
from server.live.track import Sent

_BATCH: Final = 100  # frames between two yields: more, and requests beside a large fan-out wait for it


class Left(NamedTuple):
    """What a connection was told last on the lane, and the state that was just going out and has not reached it."""

    sent: Sent
    missed: News | None


class Lane:
    """`told`: what every member was told last."""

    def __init__(self) -> None:
        self.told: Sent | None = None
        self._before: Sent | None = None
        self._going_out: News | None = None
        self._lines = tuple(Line() for _ in CODECS)

    def __len__(self) -> int:
        count = 0
        for line in self._lines:
            count += len(line)
        return count

    def __contains__(self, member: object) -> bool:
        return any(member in line for line in self._lines)

    def enter(self, member: Member, write: Write, sent: Sent, socket: int = NO_SOCKET) -> bool:
        """Takes a connection that was told `sent`; False unless that is what all were told."""
        if sent != self.told or sent.final:
            return False
        self._lines[member.codec.index].add(member, write, socket)
        return True

    def leave(self, member: Member) -> Left:
        """Lets a member go."""
        has_newest = self._lines[member.codec.index].remove(member)
        sent = self.told if has_newest else self._before
        assert sent is not None  # or it could not have entered
        return Left(sent, None if has_newest else self._going_out)

    def takes(self, news: News) -> bool:
        """Whether a state is one that members can be told with an update alone."""
        told = self.told
        return told is not None and not news.final and news.attempt == told.attempt and news.rev > told.rev

    def knows(self, items: Sequence[News | Removal | Change]) -> bool:
        """Whether members were told all this already: what was read again is often not new."""
        told = self.told
        if told is None:
            return False
        for item in items:  # noqa: SIM110  # for every update of every run: a generator costs as much as all else here
            if not isinstance(item, News) or item.rev > told.rev:
                return False
        return True

    def pass_over(self, items: Sequence[News | Removal | Change]) -> None:
        """All were told by their sessions, and left; whoever knows the newest may enter."""
        last = items[-1]
        self.told = Sent(last.rev, last.attempt, last.final) if isinstance(last, News) else None

    async def serve(self, news: News) -> int:
        """Tells all members; returns how many there were."""
        self._before, self.told = self.told, Sent(news.rev, news.attempt, news.final)
        self._going_out = news
        for line in self._lines:
            line.begin()
        count = 0
        for codec in CODECS.values():
            line = self._lines[codec.index]
            while line and (served := line.serve(news.frame(codec), _BATCH)):
                count += served
                await asyncio.sleep(0)
        self._going_out = None
        return count
