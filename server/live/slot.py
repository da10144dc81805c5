"""What is unsent of one run, conflated by revision."""

from server.contract.run import Revision
from server.live.news import News, Removal


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
