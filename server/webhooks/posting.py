"""Sends one signed message to one receiver."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

import server
from server.webhooks.receivers import Receiver
from server.webhooks.signing import signed_headers

TIMEOUT_S: Final = 15.0
"""For all of a try: a receiver that answers byte by byte is given no more than one that is silent."""
_CONNECT_TIMEOUT_S: Final = 5.0


@dataclass(frozen=True)
class Answered:
    """What came of a try: `status` None where nobody answered, `reason` then in words."""

    status: int | None
    reason: str = ""
    retry_after_s: float = 0.0

    @property
    def taken(self) -> bool:
        """Whether the receiver has the message now. A redirect is none: it would lead the message anywhere."""
        return self.status is not None and httpx.codes.is_success(self.status)


class Poster:
    """Signs with `key`. What receivers say besides the status is not read."""

    def __init__(self, http: httpx.AsyncClient, key: bytes, timeout_s: float = TIMEOUT_S) -> None:
        self._http = http
        self._key = key
        self._timeout_s = timeout_s

    async def post(self, receiver: Receiver, message_id: str, body: bytes) -> Answered:
        """One try; raises nothing that a receiver can cause."""
        headers = signed_headers(self._key, message_id, int(time.time()), body)
        headers |= {"content-type": "application/json", "user-agent": f"AlgoTradeForge/{server.__version__}"}
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._http.stream("POST", receiver.url, content=body, headers=headers) as answer,
            ):
                retry_after = answer.headers.get("retry-after", "")
                return Answered(answer.status_code, f"it answered {answer.status_code}", _seconds(retry_after))
        except TimeoutError:
            return Answered(None, f"no answer within {self._timeout_s:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            return Answered(None, str(error) or type(error).__name__)


@asynccontextmanager
async def poster_with(key: bytes, timeout_s: float = TIMEOUT_S) -> AsyncIterator[Poster]:
    """A poster with connections of its own, which end with the block."""
    timeout = httpx.Timeout(timeout_s, connect=min(_CONNECT_TIMEOUT_S, timeout_s))
    async with httpx.AsyncClient(timeout=timeout, follow_redirects=False, trust_env=False) as http:
        yield Poster(http, key, timeout_s)


def _seconds(retry_after: str) -> float:
    """A `Retry-After` in seconds; 0 where it is a date or nothing."""
    return float(retry_after) if retry_after.isascii() and retry_after.isdecimal() else 0.0
