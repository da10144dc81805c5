"""The client's downloads against a transport that answers from a table."""

import json
from collections import deque

import httpx
import msgspec
import pytest
from msgspec import to_builtins

from server.client import AsyncForge, ConnectionFailed, Forge, ProblemError
from server.client import downloads as asked
from server.contract.downloads import Download
from tests.states import download_of
from tests.unit.client.test_asynchronous import NOT_FOUND as REFUSAL
from tests.unit.client.test_asynchronous import Desk, Nowhere

ID = "binance-btc-usdt-1h-0"
PATH = f"/api/downloads/{ID}"


class Turns(httpx.AsyncBaseTransport):
    """Answers with one download after the other; None for a connection that fails."""

    def __init__(self, *answers: Download | None) -> None:
        self._answers = deque(answers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._answers.popleft()
        if answer is None:
            raise httpx.ConnectError("connection refused", request=request)
        return httpx.Response(200, content=msgspec.json.encode(answer))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "_LOOK_S", 0.0)


async def test_a_download_is_submitted_as_it_is_given() -> None:
    desk = Desk({"POST /api/downloads": (202, to_builtins(download_of()))})
    async with desk.forge() as forge:
        assert await forge.submit_download({"exchange": "binance"}) == download_of()
    assert json.loads(desk.bodies[0]) == {"exchange": "binance"}


async def test_watching_tells_of_each_change_until_the_end_over_a_lost_connection() -> None:
    states = [download_of(), download_of(fetched=5), download_of(fetched=9, status="Completed")]
    turns = Turns(states[0], states[0], None, states[1], states[2])
    async with AsyncForge("http://there", transport=turns) as forge:
        assert [now async for now in forge.watch_download(ID)] == states


async def test_a_server_that_never_answered_is_not_waited_for() -> None:
    async with AsyncForge("http://there", transport=Nowhere()) as forge:
        with pytest.raises(ConnectionFailed):
            await anext(forge.watch_download(ID))


def test_the_same_without_asyncio() -> None:
    body = to_builtins(download_of(status="Completed"))
    page = {"items": [body], "nextCursor": None, "totalCount": 1}
    answers = {
        "GET /api/downloads": page,
        f"GET {PATH}": body,
        f"POST {PATH}/cancel": body,
        f"POST {PATH}/resume": body,
    }
    desk = Desk({**{asked: (200, body) for asked, body in answers.items()}, f"DELETE {PATH}": (204, None)})
    with Forge("http://there", transport=desk) as forge:
        (listed,) = forge.downloads()
        assert [listed] * 3 == [forge.download(ID), forge.cancel_download(ID), forge.resume_download(ID)]
        assert list(forge.watch_download(ID)) == [listed]
        forge.delete_download(ID)
        with pytest.raises(ProblemError, match=REFUSAL["detail"]):
            forge.cancel_download("other")
