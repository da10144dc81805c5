"""Who outside is told of the ends of runs, as the ledger knows them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from server.contract.run import RunSnapshot
from server.store.port import Notice


class Notices(Protocol):
    """Words what is kept with an end, and brings it afterwards."""

    def of_end(
        self, snapshot: RunSnapshot, metrics: Mapping[str, Any] | None, stop_reason: str | None
    ) -> Sequence[Notice]:
        """What is to be kept in the commit of this end."""
        ...

    def wake(self) -> None:
        """That commit was made."""
        ...


class Nobody:
    """Implements `Notices` where nobody is told."""

    def of_end(
        self, snapshot: RunSnapshot, metrics: Mapping[str, Any] | None, stop_reason: str | None
    ) -> Sequence[Notice]:
        """Nothing."""
        return ()

    def wake(self) -> None:
        """Wakes nobody."""


NOBODY: Final = Nobody()
