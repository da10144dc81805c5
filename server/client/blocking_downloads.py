"""Downloads for programs without asyncio."""

from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from server.contract.downloads import Download, DownloadRequest

if TYPE_CHECKING:
    from server.client.asynchronous import AsyncForge

T = TypeVar("T")


class BlockingDownloads:
    """What `Forge` can do with downloads, as `AsyncDownloads` does it."""

    _forge: "AsyncForge"

    def submit_download(self, request: DownloadRequest | Mapping[str, Any]) -> Download:
        """See `AsyncDownloads.submit_download`."""
        return self._run(self._forge.submit_download(request))

    def downloads(self) -> list[Download]:
        """See `AsyncDownloads.downloads`."""
        return self._run(self._forge.downloads())

    def download(self, identity: str) -> Download:
        """See `AsyncDownloads.download`."""
        return self._run(self._forge.download(identity))

    def watch_download(self, identity: str, *, patience_s: float = 120) -> Iterator[Download]:
        """See `AsyncDownloads.watch_download`."""
        yield from self._each(self._forge.watch_download(identity, patience_s=patience_s))

    def cancel_download(self, identity: str) -> Download:
        """See `AsyncDownloads.cancel_download`."""
        return self._run(self._forge.cancel_download(identity))

    def resume_download(self, identity: str) -> Download:
        """See `AsyncDownloads.resume_download`."""
        return self._run(self._forge.resume_download(identity))

    def delete_download(self, identity: str) -> None:
        """See `AsyncDownloads.delete_download`."""
        self._run(self._forge.delete_download(identity))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        raise NotImplementedError

    def _each(self, items: AsyncGenerator[T, None]) -> Iterator[T]:
        raise NotImplementedError
