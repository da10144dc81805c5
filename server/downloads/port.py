"""Downloads as the routes know them."""

from collections.abc import Sequence
from typing import Protocol

from server.contract.downloads import Download, DownloadRequest


class Downloads(Protocol):
    """Everything raises ForgeError for what the client did wrong, `not_found` for an id that nothing has."""

    def all(self) -> Sequence[Download]:
        """Those kept, the newest first."""
        ...

    def get(self, identity: str) -> Download:
        """One of them."""
        ...

    async def submit(self, request: DownloadRequest) -> Download:
        """Begins it, goes on with it, or answers with what is there already; `disk_full` when it cannot be kept."""
        ...

    async def cancel(self, identity: str) -> Download:
        """Stops it, what was fetched stays; `already_terminal`."""
        ...

    async def resume(self, identity: str) -> Download:
        """As submitting the same again."""
        ...

    async def remove(self, identity: str) -> None:
        """Stops it and forgets what was fetched; a data set that it became stays."""
        ...
