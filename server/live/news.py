"""States of runs on their way to subscribers, encoded once for all of them."""

import time
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from server.contract.messages import Changed, MessageId, Removed, Snapshot, Topic, Update
from server.contract.run import Revision, RunSnapshot
from server.live.codec import Codec, Shared
from server.live.framing import frame_of


class News:
    """One state of a run; each of its encodings is made at most once, however many connections send it."""

    __slots__ = ("_frames", "_introduction", "_t", "_update", "attempt", "final", "rev", "run_key", "snapshot")

    def __init__(self, snapshot: RunSnapshot, *, bench: bool = False) -> None:
        self.snapshot = snapshot
        self.run_key = snapshot.run_key
        self.attempt = snapshot.run.attempt
        self.rev = snapshot.rev
        self.final = snapshot.final
        self._t = time.monotonic_ns() if bench else UNSET
        self._introduction: Shared | None = None
        self._update: Shared | None = None
        self._frames: dict[int, bytes] = {}

    def update(self, codec: Codec) -> bytes:
        """The message for those who know the attempt."""
        if self._update is None:
            self._update = Shared(
                Update(
                    run_key=self.run_key,
                    attempt=self.attempt,
                    rev=self.rev,
                    state=self.snapshot.state,
                    final=self.final,
                    t=self._t,
                )
            )
        return self._update.encoded(codec)

    def frame(self, codec: Codec) -> bytes:
        """The update as a whole WebSocket frame."""
        known = self._frames.get(codec.index)
        if known is None:
            known = self._frames[codec.index] = frame_of(self.update(codec), is_text=codec.is_text)
        return known

    def introduction(self, codec: Codec) -> bytes:
        """The message for those to whom the run or the attempt is new."""
        if self._introduction is None:
            self._introduction = Shared(self._snapshot(UNSET))
        return self._introduction.encoded(codec)

    def answer(self, message_id: MessageId, codec: Codec) -> bytes:
        """The same as the answer to a subscription."""
        return codec.encode(self._snapshot(message_id))

    def _snapshot(self, message_id: MessageId | msgspec.UnsetType) -> Snapshot:
        return Snapshot(
            id=message_id,
            run_key=self.run_key,
            rev=self.rev,
            run=self.snapshot.run,
            state=self.snapshot.state,
            final=self.final,
        )


class Removal(NamedTuple):
    """A run was deleted at `rev`."""

    run_key: str
    rev: Revision

    def message(self, codec: Codec) -> bytes:
        """As it is sent."""
        return codec.encode(Removed(run_key=self.run_key, rev=self.rev))


class Change:
    """An item of a topic other than `runs` changed; the newest of an `item` wins."""

    __slots__ = ("_message", "item", "topic")

    def __init__(self, topic: Topic, data: Any) -> None:
        built = msgspec.to_builtins(data)
        name = (built.get("id") or built.get("name") or "") if isinstance(built, dict) else ""
        self.topic: Topic = topic
        self.item = str(name)
        self._message = Shared(Changed(topic=topic, data=built))

    def message(self, codec: Codec) -> bytes:
        """As it is sent."""
        return self._message.encoded(codec)
