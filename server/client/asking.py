"""Questions to one server, whatever they are."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from server.client import wire
from server.client.environment import server_of
from server.client.errors import ConnectionFailed

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_TIMEOUT_S: Final = 30.0
_CONNECT_S: Final = 5.0


class Asking:
    """Connections to one server; `transport` replaces the network in tests.

    httpx, which takes longer to import than all the rest, is imported when the first client is made.
    """

    def __init__(
        self, url: str | None = None, token: str | None = None, *, transport: "httpx.AsyncBaseTransport | None" = None
    ) -> None:
        import httpx

        named, token = server_of(url, token)
        self.url: Final = wire.normal_url(named)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.AsyncClient(
            base_url=self.url,
            headers={**self._headers, "Accept": "application/json"},
            timeout=httpx.Timeout(_TIMEOUT_S, connect=_CONNECT_S),
            transport=transport,
            trust_env=not wire.is_local(self.url),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def _get(self, path: str, type_: type[T], params: Mapping[str, str] | None = None) -> T:
        return wire.decode(await self._send("GET", path, params=params), type_)

    async def _get_bytes(self, path: str, media_type: str, params: Mapping[str, str] | None = None) -> bytes:
        """An answer that is no JSON, whole."""
        response = await self._send("GET", path, params=params, headers={"Accept": media_type})
        if not response.is_success:
            raise wire.problem_of(response)
        return response.content

    async def _post(self, path: str, type_: type[T]) -> T:
        return wire.decode(await self._send("POST", path), type_)

    async def _post_json(self, path: str, request: Any, type_: type[T]) -> T:
        headers = {"Content-Type": "application/json"}
        return wire.decode(await self._send("POST", path, content=wire.body_of(request), headers=headers), type_)

    async def _delete(self, path: str) -> None:
        response = await self._send("DELETE", path)
        if not response.is_success:
            raise wire.problem_of(response)

    async def _send(self, method: str, path: str, **options: Any) -> "httpx.Response":
        import httpx

        try:
            return await self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise ConnectionFailed(self.url, str(error) or type(error).__name__) from error

    async def _upload(self, path: str, **options: Any) -> "httpx.Response":
        """Sends a body that may take as long as it takes."""
        import httpx

        return await self._send("POST", path, timeout=httpx.Timeout(None, connect=_CONNECT_S), **options)

    @asynccontextmanager
    async def _streamed(
        self, path: str, params: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> "AsyncGenerator[httpx.Response, None]":
        """An answer that is read as it arrives."""
        import httpx

        try:
            async with self._http.stream("GET", path, params=params, headers=headers) as response:
                if not response.is_success:
                    await response.aread()
                    raise wire.problem_of(response)
                yield response
        except httpx.TransportError as error:
            raise ConnectionFailed(self.url, str(error) or type(error).__name__) from error
