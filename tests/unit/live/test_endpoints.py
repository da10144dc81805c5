"""What is said before the handshake, and which subprotocol is spoken."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from server.live.app import Live
from server.live.options import LiveOptions
from tests.hub_house import Directory, HeldBroker
from tests.site import Held, Site
from tests.states import RUN, state_of


@pytest.fixture
async def live() -> AsyncIterator[Live]:
    """The sockets of a home with one run."""
    directory = Directory()
    directory.runs[RUN] = state_of()
    it = Live(directory, HeldBroker(), LiveOptions())
    async with asyncio.timeout(10), it.running():
        yield it


@pytest.fixture
def site(live: Live) -> Site:
    return Site(Starlette(routes=list(live.routes)), token=None)


@pytest.mark.parametrize("path", ["/ws", f"/ws/runs/{RUN}", f"/ws/runs/{RUN}?attempt=1"])
async def test_sockets_are_accepted(site: Site, path: str) -> None:
    answer = await site.shake_hands(path)
    assert (answer.kind, answer.subprotocol) == ("websocket.accept", None)


@pytest.mark.parametrize("key", ["unknown", "a\n", ".hidden", "a" * 129, "a b"])
async def test_an_unknown_run_is_a_404_before_the_handshake(site: Site, key: str) -> None:
    answer = await site.shake_hands(f"/ws/runs/{key}")
    assert (answer.status, answer.code) == (404, "run_not_found")


@pytest.mark.parametrize("attempt", ["0", "-1", "x", "", "1.5", "1e3", "99999999999"])
async def test_an_attempt_that_is_none_is_a_400_before_the_handshake(site: Site, attempt: str) -> None:
    answer = await site.shake_hands(f"/ws/runs/{RUN}?attempt={attempt}")
    assert (answer.status, answer.code) == (400, "invalid_request")


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/runs", "/ws/runs/", "/api/system", "/ws/runs/a/b", "/nowhere"])
async def test_sockets_elsewhere_are_a_404(site: Site, path: str) -> None:
    answer = await site.shake_hands(path)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("path", ["/ws", f"/ws/runs/{RUN}"])
async def test_a_plain_request_is_told_that_sockets_live_here(site: Site, path: str) -> None:
    answer = await site.ask(path)
    assert (answer.status, answer.code) == (400, "invalid_request")


@pytest.mark.parametrize("path", ["/ws", f"/ws/runs/{RUN}"])
async def test_the_offered_protocol_is_spoken_and_a_token_never_echoed(site: Site, path: str) -> None:
    answer = await site.shake_hands(path, offers=["forge.auth.c2VjcmV0", "other", "forge.v1.json"])
    assert (answer.kind, answer.subprotocol) == ("websocket.accept", "forge.v1.json")


async def test_a_token_alone_is_no_protocol(site: Site) -> None:
    answer = await site.shake_hands(offers=["forge.auth.c2VjcmV0"])
    assert (answer.kind, answer.subprotocol) == ("websocket.accept", None)


@pytest.mark.parametrize("path", ["/ws", f"/ws/runs/{RUN}"])
async def test_only_other_protocols_are_refused_before_the_handshake(site: Site, path: str) -> None:
    answer = await site.shake_hands(path, offers=["graphql-ws", "forge.auth.c2VjcmV0"])
    assert (answer.status, answer.code) == (400, "not_supported")
    assert b"c2VjcmV0" not in answer.body


@pytest.mark.parametrize("path", ["/ws", f"/ws/runs/{RUN}"])
async def test_while_draining_handshakes_are_refused_for_now(live: Live, site: Site, path: str) -> None:
    live.drain()
    answer = await site.shake_hands(path)
    assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, "draining", "1")


async def test_open_sockets_are_counted(live: Live, site: Site) -> None:
    async with Held(site), Held(site, f"/ws/runs/{RUN}"):
        assert live.counts() == (2, 1)
    assert live.counts() == (0, 0)
