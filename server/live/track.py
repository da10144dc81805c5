"""One connection's view of one run: who asked for it, what was sent, what is unsent."""

from dataclasses import dataclass, field
from typing import NamedTuple

from server.contract.messages import MessageId, Snapshot
from server.contract.problems import RunNotFound
from server.contract.run import Revision
from server.live.codec import Codec
from server.live.news import News, Removal
from server.live.replies import error_reply
from server.live.slot import Slot


class Sent(NamedTuple):
    """The last that a connection was told of a run; after a removal `attempt` is 0, and whatever follows is new."""

    rev: Revision
    attempt: int
    final: bool


@dataclass(slots=True)
class Direct:
    """A subscription of this very run. `floor`: the attempt that is awaited (0: any); `live` once the snapshot was
    read; `asked`: the subscriptions that are not answered yet, each with the revision that its client has."""

    ticket: int
    floor: int
    asked: list[tuple[MessageId, Revision | None]] = field(default_factory=list)
    live: bool = False


@dataclass(slots=True)
class Track:
    """`sent` None: nothing yet. `due`: when the topic `runs` may tell of this run again."""

    run_key: str
    slot: Slot = field(default_factory=Slot)
    direct: Direct | None = None
    sent: Sent | None = None
    due: float = 0.0

    @property
    def answerable(self) -> bool:
        """Whether a subscription waits for an answer that can be given now."""
        return self.direct is not None and self.direct.live and bool(self.direct.asked)

    @property
    def urgent(self) -> bool:
        """Whether the topic's pace does not concern what is unsent: a first word and an end go out at once."""
        return self.sent is None or self.slot.final is not None or self.slot.removal is not None

    def awaits_later_than(self, news: News) -> bool:
        """Whether a direct subscription waits for a later attempt than that of `news`."""
        return self.direct is not None and self.direct.live and news.attempt < self.direct.floor

    def ends_direct(self) -> bool:
        """Whether what was sent last is the end that the direct subscription waited for."""
        if self.direct is None or not self.direct.live or self.sent is None or not self.sent.final:
            return False
        return self.sent.attempt == 0 or self.sent.attempt >= self.direct.floor

    def tell(self, item: News | Removal, codec: Codec) -> list[bytes]:
        """The messages for an item that is newer than what was sent, answers to those who asked included."""
        told = self._tell_removal(item, codec) if isinstance(item, Removal) else self._tell_news(item, codec)
        return told + self.confirm(codec)

    def confirm(self, codec: Codec) -> list[bytes]:
        """Answers all who asked that what was sent is current; that there is no run when it was its removal."""
        if self.direct is None or not self.direct.asked or not self.direct.live or self.sent is None:
            return []
        asked = [message_id for message_id, _ in self.direct.asked]
        self.direct.asked.clear()
        if self.sent.attempt == 0:
            return [codec.encode(error_reply(RunNotFound(self.run_key), message_id)) for message_id in asked]
        return [codec.encode(self._current(message_id)) for message_id in asked]

    def _tell_removal(self, removal: Removal, codec: Codec) -> list[bytes]:
        # One that knows nothing of the run and asks is answered that there is none; all others lose what they had.
        told = [] if self.sent is None and self.answerable else [removal.message(codec)]
        self.sent = Sent(removal.rev, 0, final=True)
        return told

    def _tell_news(self, news: News, codec: Codec) -> list[bytes]:
        before, self.sent = self.sent, Sent(news.rev, news.attempt, news.final)
        if before is None and self.direct is not None and self.answerable:
            message_id, known = self.direct.asked.pop(0)
            # An attempt that waits behind another carries the revision of that one: knowing this is not knowing it.
            hidden = self.direct.floor > 0 and news.snapshot.state.status == "Pending"
            if known == news.rev and not hidden:
                return [codec.encode(self._current(message_id))]
            return [news.answer(message_id, codec)]
        if before is None or before.attempt != news.attempt:
            return [news.introduction(codec)]
        return [news.update(codec)]

    def _current(self, message_id: MessageId) -> Snapshot:
        assert self.sent is not None
        return Snapshot(id=message_id, run_key=self.run_key, rev=self.sent.rev, final=self.sent.final, current=True)
