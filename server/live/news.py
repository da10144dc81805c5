"""States of runs on their way to subscribers: encoded once, conflated by revision."""

import time
from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET

from server.contract.messages import Changed, MessageId, Removed, ServerMessage, Snapshot, Topic, Update
from server.contract.run import Revision, RunSnapshot

JSON: Final = msgspec.json.Encoder()


def encode(message: ServerMessage) -> bytes:
    """One message as it is sent."""
    return JSON.encode(message)


def frame_of(messages: list[bytes]) -> bytes:
    """One frame: a message as it is, several as an array of messages."""
    return messages[0] if len(messages) == 1 else b"[" + b",".join(messages) + b"]"


class News:
    """One state of a run; each of its encodings is made at most once, however many connections send it."""

    __slots__ = ("_introduction", "_t", "_update", "attempt", "final", "rev", "run_key", "snapshot")

    def __init__(self, snapshot: RunSnapshot, *, bench: bool = False) -> None:
        self.snapshot = snapshot
        self.run_key = snapshot.run_key
        self.attempt = snapshot.run.attempt
        self.rev = snapshot.rev
        self.final = snapshot.final
        self._t = time.monotonic_ns() if bench else UNSET
        self._introduction: bytes | None = None
        self._update: bytes | None = None

    def update(self) -> bytes:
        """The message for those who know the attempt."""
        if self._update is None:
            self._update = encode(
                Update(
                    run_key=self.run_key,
                    attempt=self.attempt,
                    rev=self.rev,
                    state=self.snapshot.state,
                    final=self.final,
                    t=self._t,
                )
            )
        return self._update

    def introduction(self) -> bytes:
        """The message for those to whom the run or the attempt is new."""
        if self._introduction is None:
            self._introduction = self._encode_snapshot(UNSET)
        return self._introduction

    def answer(self, message_id: MessageId) -> bytes:
        """The same as the answer to a subscription."""
        return self._encode_snapshot(message_id)

    def _encode_snapshot(self, message_id: MessageId | msgspec.UnsetType) -> bytes:
        return encode(
            Snapshot(
                id=message_id,
                run_key=self.run_key,
                rev=self.rev,
                run=self.snapshot.run,
                state=self.snapshot.state,
                final=self.final,
            )
        )


class Removal(NamedTuple):
    """A run was deleted at `rev`."""

    run_key: str
    rev: Revision

    def message(self) -> bytes:
        """As it is sent."""
        return encode(Removed(run_key=self.run_key, rev=self.rev))


class Change(NamedTuple):
    """An item of a topic other than `runs` changed; the newest of an `item` wins. `message` is encoded already."""

    topic: Topic
    item: str
    message: bytes


def change_of(topic: Topic, item: object) -> Change:
    """Encodes a change once for everybody; items are told apart by their `id` or `name`."""
    built = msgspec.to_builtins(item)
    name = (built.get("id") or built.get("name") or "") if isinstance(built, dict) else ""
    return Change(topic, str(name), encode(Changed(topic=topic, data=built)))


class Slot:
    """What is unsent of one run: at most one final, one removal and one state newer than these.

    The highest revision wins, but a final that is not sent yet is never replaced.
    """

    __slots__ = ("final", "newer", "removal")

    def __init__(self) -> None:
        self.final: News | None = None
        self.removal: Removal | None = None
        self.newer: News | None = None

    def __bool__(self) -> bool:
        return self.final is not None or self.newer is not None or self.removal is not None

    def offer(self, item: News | Removal) -> bool:
        """Takes what is newer than what is held; False when it is not."""
        if isinstance(item, Removal):
            return self._offer_removal(item)
        if item.final and self.final is None:
            return self._offer_final(item)
        if self.final is None and self.removal is None and (self.newer is None or self.newer.rev < item.rev):
            self.newer = item
            return True
        if any(held is not None and held.rev >= item.rev for held in (self.final, self.removal, self.newer)):
            return False
        self.newer = item
        return True

    def _offer_final(self, final: News) -> bool:
        # A final older than what waits behind it still comes first: revisions rise, and the end is told.
        if any(held is not None and held.rev == final.rev for held in (self.removal, self.newer)):
            return False
        self.final = final
        self._drop_newer_up_to(final.rev)
        return True

    def _offer_removal(self, removal: Removal) -> bool:
        if self.removal is not None and self.removal.rev >= removal.rev:
            return False
        if self.final is not None and self.final.rev == removal.rev:
            return False
        self.removal = removal
        self._drop_newer_up_to(removal.rev)
        return True

    def _drop_newer_up_to(self, rev: Revision) -> None:
        if self.newer is not None and self.newer.rev <= rev:
            self.newer = None

    def drop_before(self, attempt: int) -> None:
        """Drops the states of attempts before `attempt`."""
        if self.final is not None and self.final.attempt < attempt:
            self.final = None
        if self.newer is not None and self.newer.attempt < attempt:
            self.newer = None

    def drop_removed_before(self, rev: Revision) -> None:
        """Drops a removal before `rev` with what it removed: whoever asks now asks for the run that came after it."""
        if self.removal is None or self.removal.rev >= rev:
            return
        if self.final is not None and self.final.rev < self.removal.rev:
            self.final = None
        self.removal = None

    def take(self) -> list[News | Removal]:
        """Empties the slot, in order of revisions."""
        held = [item for item in (self.final, self.removal, self.newer) if item is not None]
        self.final = self.removal = self.newer = None
        if len(held) > 1:
            held.sort(key=lambda item: item.rev)
        return held
