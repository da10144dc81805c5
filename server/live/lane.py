"""The express lane of a run: connections that know its newest state and whose sockets take more at once.

They are written to directly, one ready frame for all; their sessions need not hear of it until they leave.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from server.live.codec import CODECS, Codec
from server.live.news import Change, News, Removal
from server.live.track import Sent

_log: Final = logging.getLogger(__name__)
_BATCH: Final = 100  # frames between two yields: more, and requests beside a large fan-out wait for it

Write = Callable[[bytes], None]


class Member(Protocol):
    """A connection on the lane."""

    @property
    def codec(self) -> Codec:
        """The form in which it speaks."""
        ...

    def lose(self) -> None:
        """Its socket cannot be written to."""
        ...


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
        self._members: list[dict[Member, Write]] = [{} for _ in CODECS]
        self._unserved: list[dict[Member, Write]] = [{} for _ in CODECS]

    def __len__(self) -> int:
        count = 0
        for members in self._members:
            count += len(members)
        return count

    def __contains__(self, member: object) -> bool:
        return any(member in members for members in self._members)

    def enter(self, member: Member, write: Write, sent: Sent) -> bool:
        """Takes a connection that was told `sent`; False unless that is what all were told."""
        if sent != self.told or sent.final:
            return False
        self._members[member.codec.index][member] = write
        return True

    def leave(self, member: Member) -> Left:
        """Lets a member go."""
        index = member.codec.index
        del self._members[index][member]
        unserved = self._unserved[index].pop(member, None) is not None
        sent = self._before if unserved else self.told
        assert sent is not None  # or it could not have entered
        return Left(sent, self._going_out if unserved else None)

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
        count = 0
        for codec in CODECS.values():
            members = self._members[codec.index]
            if not members:
                continue
            unserved = self._unserved[codec.index] = members.copy()
            frame = news.frame(codec)
            while unserved:
                for _ in range(min(_BATCH, len(unserved))):
                    if not unserved:  # one that was written to made others leave
                        break
                    member, write = unserved.popitem()
                    try:
                        write(frame)
                    except Exception:  # noqa: BLE001  # a socket that cannot be written to must not stop the others
                        _log.debug("a socket could not be written to", exc_info=True)
                        member.lose()
                    count += 1
                await asyncio.sleep(0)
        self._going_out = None
        return count
