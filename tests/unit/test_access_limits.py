"""How much may be sent, and how many may be connected."""

import pytest
from starlette.types import Receive, Scope, Send

from server.contract.problems import ForgeError
from tests.site import Held, Site, never, nowhere, scope_of

# sizes


async def test_a_declared_body_over_the_limit_is_refused_before_it_is_read() -> None:
    site = Site(max_body_bytes=100)
    answer = await site.ask(method="POST", headers=[("Content-Length", "101")], body=[])
    assert (answer.status, answer.code) == (413, "too_large")
    assert "100" in answer.body.decode()


async def test_a_chunked_body_over_the_limit_is_refused_at_the_chunk_that_goes_over() -> None:
    site = Site(max_body_bytes=100)
    answer = await site.ask(method="POST", body=[b"x" * 60, b"x" * 60, b"never read"])
    assert (answer.status, answer.code) == (413, "too_large")


async def test_a_body_of_exactly_the_limit_passes() -> None:
    site = Site(max_body_bytes=100)
    headers = [("Content-Length", "100")]
    assert (await site.ask(method="POST", headers=headers, body=[b"x" * 60, b"x" * 40])).body == b"100"


@pytest.mark.parametrize("length", ["9" * 5000, "9" * 25])
async def test_a_length_of_absurd_digits_is_too_large(length: str) -> None:
    assert (await Site().ask(method="POST", headers=[("Content-Length", length)], body=[])).code == "too_large"


async def test_a_length_that_is_no_number_does_not_count() -> None:
    answer = await Site(max_body_bytes=10).ask(method="POST", headers=[("Content-Length", "-5")], body=[b"x" * 11])
    assert answer.code == "too_large"


async def test_uploads_have_a_limit_of_their_own() -> None:
    site = Site(max_body_bytes=10, max_upload_bytes=1000)
    assert (await site.ask("/api/datasets", method="POST", body=[b"x" * 1000])).body == b"1000"
    assert (await site.ask("/api/datasets/", method="POST", body=[b"x" * 1000])).body == b"1000"
    assert (await site.ask("/api/datasets", method="POST", body=[b"x" * 1001])).code == "too_large"
    assert (await site.ask("/api/datasets/x", method="POST", body=[b"x" * 11])).code == "too_large"
    assert (await site.ask("/api/datasets", method="PUT", body=[b"x" * 11])).code == "too_large"


async def test_a_body_that_grows_too_large_after_the_answer_began_cuts_the_connection() -> None:
    async def answers_first(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()

    with pytest.raises(ForgeError):
        await Site(answers_first, max_body_bytes=10).ask(method="POST", body=[b"x" * 11])


# connections


def from_address(site: Site, address: str) -> Held:
    return Held(site, client=(address, 5000))


async def test_one_connection_too_many_is_refused_until_one_leaves() -> None:
    site = Site(max_connections=2)
    async with from_address(site, "127.0.0.1"):
        async with from_address(site, "127.0.0.1"):
            refused = await site.shake_hands()
            assert (refused.status, refused.code, refused.headers["retry-after"]) == (429, "rate_limited", "5")
            assert (await site.ask()).status == 200, "requests are no connections"
        assert (await site.shake_hands()).kind == "websocket.accept"


async def test_one_address_may_hold_no_more_than_its_share() -> None:
    site = Site(max_connections_per_address=1)
    async with from_address(site, "10.0.0.1"):
        async with from_address(site, "10.0.0.1") as second, from_address(site, "10.0.0.2") as other:
            assert (second.answer.status, second.answer.code) == (429, "rate_limited")
            assert other.answer.kind == "websocket.accept"
        async with from_address(site, "::ffff:10.0.0.1") as mapped:
            assert mapped.answer.code == "rate_limited"
    async with from_address(site, "10.0.0.1") as again:
        assert again.answer.kind == "websocket.accept"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
async def test_loopback_has_no_share(address: str) -> None:
    site = Site(max_connections_per_address=1)
    async with from_address(site, address), from_address(site, address) as second:
        assert second.answer.kind == "websocket.accept"


async def test_a_socket_whose_application_raises_frees_its_place() -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError

    site = Site(breaks, max_connections=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            await site.app(scope_of("websocket", "/ws", (), "localhost"), never, nowhere)
