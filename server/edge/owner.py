"""The owner as an edge asks it: over REST, like every client."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Final

import httpx
import msgspec

from server.contract.problems import ForgeError
from server.contract.requests import RunKind
from server.contract.run import Revision, RunInfo, RunSnapshot, RunState, shortened
from server.contract.system import System

_log: Final = logging.getLogger(__name__)
_KINDS: Final[tuple[RunKind, ...]] = ("backtest", "optimization")
_PAGE: Final = 500
_WAITING_S: Final = 0.5
_PATIENCE_S: Final = 10.0
AWAY: Final = "The owner of the runs does not answer; try again in a moment."


class OwnerAway(ForgeError):
    """The owner cannot be reached, or is about to stop; 503."""

    def __init__(self) -> None:
        super().__init__("store_unavailable", AWAY, retry_after_s=1)


class Owner:
    """Reads states that the broker does not have. `http` has the owner's address and token."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def store_id(self) -> str:
        """The store whose runs these are; waits for the owner as long as it takes."""
        waited = 0.0
        while True:
            try:
                return msgspec.json.decode(await self._get("/api/system"), type=System).store.id
            except OwnerAway:
                if waited % _PATIENCE_S == 0:
                    _log.warning("waiting for the owner", extra={"owner": str(self._http.base_url)})
            await asyncio.sleep(_WAITING_S)
            waited += _WAITING_S

    async def snapshot(self, run_key: str, attempt: int | None) -> RunSnapshot | None:
        """A run of either kind as `/status` tells it; None when unknown."""
        query = {} if attempt is None else {"attempt": str(attempt)}
        for kind in _KINDS:
            body = await self._get(f"/api/{kind}s/{run_key}/status", {**query, "trials": "1"})
            if body is not None:
                return _snapshot(msgspec.json.decode(body))
        return None

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        """Every run that is not terminal, with its queue position."""
        found: list[tuple[RunSnapshot, int | None]] = []
        for kind in _KINDS:
            cursor = ""
            while True:
                query = {"status": "Pending,Running", "limit": str(_PAGE), "cursor": cursor}
                page = msgspec.json.decode(await self._get(f"/api/{kind}s", query))
                found += [(_snapshot(item), item["queuePosition"]) for item in page["items"]]
                cursor = page["nextCursor"]
                if not cursor:
                    break
        return found

    async def _get(self, path: str, query: dict[str, str] | None = None) -> Any:
        """The body, None for what is not there; OwnerAway when it cannot be had."""
        try:
            answer = await self._http.get(path, params={name: text for name, text in (query or {}).items() if text})
        except httpx.HTTPError as error:
            raise OwnerAway from error
        if answer.status_code == 404:
            return None
        if not answer.is_success:
            _log.warning("the owner refused", extra={"path": path, "status": answer.status_code})
            raise OwnerAway
        return answer.content


def _snapshot(flat: dict[str, Any]) -> RunSnapshot:
    """A flat status taken apart again, its stack trace cut as states that travel are."""
    run = msgspec.convert(flat, RunInfo)
    return shortened(RunSnapshot(run=run, state=msgspec.convert(flat, RunState), rev=Revision(*flat["rev"])))
