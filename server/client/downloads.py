"""The part of the client that has bars fetched from exchanges."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from urllib.parse import quote

from server.client.asking import Asking
from server.client.errors import ConnectionFailed, ServerUnavailable
from server.contract.downloads import Download, DownloadRequest
from server.contract.pages import DownloadPage
from server.contract.run import TERMINAL

_PATH: Final = "/api/downloads"
_LOOK_S: Final = 0.5


class AsyncDownloads(Asking):
    """What `AsyncForge` can do with downloads; one is named by its `id`."""

    async def submit_download(self, request: DownloadRequest | Mapping[str, Any]) -> Download:
        """Begins a download, or goes on with the one of the same series and period."""
        return await self._post_json(_PATH, request, Download)

    async def downloads(self) -> list[Download]:
        """Those that the server keeps, the newest first."""
        return (await self._get(_PATH, DownloadPage)).items

    async def download(self, identity: str) -> Download:
        """One as it stands."""
        return await self._get(_path(identity), Download)

    async def watch_download(self, identity: str, *, patience_s: float = 120) -> AsyncGenerator[Download, None]:
        """Every state of a download that is seen from now to its last, by asking twice a second.

        A server that is started again goes on with it, so this does too; ConnectionFailed once nothing has answered for
        `patience_s`.
        """
        clock = asyncio.get_running_loop()
        last = await self.download(identity)
        answered = clock.time()
        yield last
        while last.status not in TERMINAL:
            await asyncio.sleep(_LOOK_S)
            try:
                now = await self.download(identity)
            except (ConnectionFailed, ServerUnavailable):
                if clock.time() - answered > patience_s:
                    raise
                continue
            answered = clock.time()
            if now != last:
                last = now
                yield now

    async def cancel_download(self, identity: str) -> Download:
        """Stops a download; what was fetched stays."""
        return await self._post(f"{_path(identity)}/cancel", Download)

    async def resume_download(self, identity: str) -> Download:
        """Goes on with a download."""
        return await self._post(f"{_path(identity)}/resume", Download)

    async def delete_download(self, identity: str) -> None:
        """Forgets a download; the data set that it became stays."""
        await self._delete(_path(identity))


def _path(identity: str) -> str:
    return f"{_PATH}/{quote(identity, safe='')}"
