"""The client against a transport that answers from a table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.client import AsyncForge, ConnectionFailed, Forge, ProblemError
from server.contract.base import format_instant
from tests.states import RUN

SUBMISSION = {
    "runKey": RUN,
    "kind": "optimization",
    "attempt": 2,
    "status": "Pending",
    "isDedup": False,
    "dedup": "none",
    "queuePosition": None,
    "links": dict.fromkeys(("self", "status", "cancel", "websocket", "report"), "/"),
    "totalCombinations": 12,
}
CANCELLED = {"runKey": RUN, "status": "Cancelled", "cancelRequested": True}
NOT_FOUND = {"code": "run_not_found", "detail": "no such run"}
DATASET = {
    "id": "x",
    "assetName": "ACME",
    "exchange": "TEST",
    "timeFrame": "1h",
    "version": 1,
    "contentHash": "0",
    "rows": 1,
    "first": format_instant(0),
    "last": format_instant(0),
    "tickSize": 0.01,
    "lotSize": 1,
    "quote": "USD",
    "multiplier": 1,
    "gaps": [],
    "gapCount": 0,
    "quarantined": 0,
    "source": "",
    "ingestedAt": format_instant(0),
    "synthetic": False,
}


class Desk(httpx.AsyncBaseTransport):
    """Answers by method and path, and keeps what it was asked."""

    def __init__(self, answers: dict[str, tuple[int, Any]]) -> None:
        self._answers = answers
        self.asked: list[httpx.Request] = []
        self.bodies: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """404 for what is not in the table."""
        self.asked.append(request)
        self.bodies.append(await request.aread())
        status, body = self._answers.get(f"{request.method} {request.url.path}", (404, NOT_FOUND))
        return httpx.Response(status, content=b"" if body is None else json.dumps(body).encode())

    def forge(self, token: str | None = None) -> AsyncForge:
        """A client that asks here."""
        return AsyncForge("http://there", token, transport=self)


class Nowhere(httpx.AsyncBaseTransport):
    """A network without the server."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Refuses."""
        raise httpx.ConnectError("connection refused", request=request)


async def test_a_submission_is_sent_as_it_is_given() -> None:
    desk = Desk({"POST /api/optimizations": (202, SUBMISSION)})
    async with desk.forge("a-secret") as forge:
        submission = await forge.submit_optimization({"axes": {"n": {"fixed": 1}}}, dry_run=True)
    assert (submission.run_key, submission.attempt, submission.total_combinations) == (RUN, 2, 12)
    assert desk.asked[0].url.query == b"dryRun=true"
    assert desk.asked[0].headers["authorization"] == "Bearer a-secret"
    assert json.loads(desk.bodies[0]) == {"axes": {"n": {"fixed": 1}}}


async def test_a_run_of_unknown_kind_is_looked_for_in_both() -> None:
    desk = Desk({f"POST /api/optimizations/{RUN}/cancel": (200, CANCELLED)})
    async with desk.forge() as forge:
        assert (await forge.cancel(RUN)).status == "Cancelled"
    assert [request.url.path.split("/")[2] for request in desk.asked] == ["backtests", "optimizations"]


async def test_a_run_of_a_known_kind_is_looked_for_once() -> None:
    desk = Desk({})
    async with desk.forge() as forge:
        with pytest.raises(ProblemError, match="no such run"):
            await forge.cancel(RUN, "backtest")
    assert len(desk.asked) == 1


async def test_another_refusal_than_that_there_is_no_such_run_is_told_at_once() -> None:
    desk = Desk({f"POST /api/backtests/{RUN}/cancel": (409, {"code": "already_terminal", "detail": "ended"})})
    async with desk.forge() as forge:
        with pytest.raises(ProblemError, match="ended"):
            await forge.cancel(RUN)
    assert len(desk.asked) == 1


async def test_a_delete_without_a_body_is_a_success() -> None:
    desk = Desk({f"DELETE /api/backtests/{RUN}": (204, None)})
    async with desk.forge() as forge:
        await forge.delete(RUN)


async def test_no_server_says_how_to_start_one() -> None:
    async with AsyncForge("http://there", transport=Nowhere()) as forge:
        with pytest.raises(ConnectionFailed, match="forge serve") as caught:
            await forge.strategies()
    assert (caught.value.url, caught.value.reason) == ("http://there", "connection refused")


@pytest.mark.parametrize(("status", "created"), [(201, True), (200, False)])
async def test_an_upload_is_sent_in_blocks_and_counted(tmp_path: Path, status: int, created: bool) -> None:
    file = tmp_path / "bars.csv"
    file.write_bytes(b"x" * 600_000)
    desk = Desk({"POST /api/datasets": (status, DATASET)})
    sent: list[tuple[int, int]] = []
    async with desk.forge() as forge:
        imported = await forge.import_dataset(
            file,
            asset_name="ACME",
            exchange="TEST",
            time_frame="1h",
            tick_size="0.01",
            quote=None,
            on_sent=lambda *counts: sent.append(counts),
        )
    assert (imported.dataset.id, imported.created) == ("x", created)
    assert sent == [(262_144, 600_000), (524_288, 600_000), (600_000, 600_000)]
    assert dict(desk.asked[0].url.params) == {
        "assetName": "ACME",
        "exchange": "TEST",
        "timeFrame": "1h",
        "tickSize": "0.01",
    }
    assert (desk.bodies[0], desk.asked[0].headers["content-length"]) == (file.read_bytes(), "600000")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"time,open", "text/csv"),
        (b"", "text/csv"),
        (b"PAR1 and more", "application/vnd.apache.parquet"),
        (b"ARROW1 and more", "application/vnd.apache.arrow.file"),
    ],
)
async def test_a_file_is_sent_as_what_its_first_bytes_say(tmp_path: Path, content: bytes, media_type: str) -> None:
    file = tmp_path / "bars"
    file.write_bytes(content)
    desk = Desk({"POST /api/datasets": (201, DATASET)})
    async with desk.forge() as forge:
        await forge.import_dataset(file, asset_name="ACME", exchange="TEST", time_frame="1h", quarantine=True)
    assert desk.asked[0].headers["content-type"] == media_type
    assert desk.asked[0].url.params["quarantine"] == "true"
    assert desk.bodies[0] == content


@pytest.fixture
def blocking() -> Callable[[httpx.AsyncBaseTransport], Forge]:
    """The same client without asyncio."""
    return lambda transport: Forge("http://there", transport=transport)


def test_the_client_without_asyncio_answers_the_same(blocking: Callable[[httpx.AsyncBaseTransport], Forge]) -> None:
    with blocking(Desk({f"POST /api/backtests/{RUN}/cancel": (200, CANCELLED)})) as forge:
        assert forge.cancel(RUN).cancel_requested
        with pytest.raises(ProblemError):
            forge.delete(RUN)


def test_the_client_without_asyncio_may_be_closed_twice(blocking: Callable[[httpx.AsyncBaseTransport], Forge]) -> None:
    forge = blocking(Nowhere())
    with pytest.raises(ConnectionFailed):
        list(forge.watch(RUN))
    forge.close()
    forge.close()
