"""Who may ask at all: hosts, origins, tokens, and how the others are refused."""

import base64
import hmac

import msgspec
import pytest
from starlette.types import Receive, Scope, Send

from server.access import SECURITY_HEADERS
from server.contract.problems import Problem
from tests.site import Headers, Site, never, nowhere

TOKEN = "correct-horse-battery"
OFFERED = f"forge.auth.{base64.urlsafe_b64encode(TOKEN.encode()).decode().rstrip('=')}"


def bearer(token: str) -> Headers:
    return [("Authorization", f"Bearer {token}")]


# host


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1:8000", "[::1]:8000", "[::1]", "forge.example"]
)
async def test_loopback_and_allowed_hosts_are_answered(host: str) -> None:
    site = Site(hosts=("Forge.Example",))
    assert (await site.ask(host=host)).status == 200
    assert (await site.shake_hands(host=host)).kind == "websocket.accept"


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "localhost:x",
        "localhost@evil",
        "a b",
    ],
)
async def test_other_hosts_are_forbidden_for_requests_and_sockets(host: str | None) -> None:
    site = Site()
    asked, shaken = await site.ask(host=host), await site.shake_hands(host=host)
    assert (asked.status, asked.code) == (403, "forbidden_host")
    assert (shaken.status, shaken.code) == (403, "forbidden_host")


async def test_two_hosts_are_forbidden() -> None:
    assert (await Site().ask(headers=[("Host", "localhost")])).code == "forbidden_host"


async def test_the_address_a_connection_came_in_on_is_answered() -> None:
    site = Site()
    assert (await site.ask(host="10.0.0.7")).code == "forbidden_host"
    assert (await site.ask(host="127.0.0.1")).status == 200


async def test_a_star_answers_to_every_host() -> None:
    assert (await Site(hosts=("*",)).ask(host="anything.example")).status == 200


async def test_health_and_static_files_check_the_host_too() -> None:
    site = Site()
    assert (await site.ask("/health/live", host="evil.example")).code == "forbidden_host"
    assert (await site.ask("/", host="evil.example")).code == "forbidden_host"


# origin

PAGES_OF_OTHERS = [
    "http://evil.example",
    "null",
    "http://localhost:9000",
    "http://localhost.evil.example:8000",
    "",
    "x",
]


@pytest.mark.parametrize("origin", PAGES_OF_OTHERS)
async def test_pages_of_other_origins_may_neither_write_nor_open_sockets(origin: str) -> None:
    site, headers = Site(), [("Origin", origin)]
    for method in ("POST", "DELETE", "PUT", "PATCH"):
        assert (await site.ask(method=method, headers=headers)).code == "forbidden_origin"
    shaken = await site.shake_hands(headers=headers)
    assert (shaken.status, shaken.code) == (403, "forbidden_origin")


async def test_reading_needs_no_origin() -> None:
    assert (await Site().ask(headers=[("Origin", "http://evil.example")])).status == 200


async def test_what_is_no_browser_sends_no_origin_and_passes() -> None:
    site = Site()
    assert (await site.ask(method="POST")).status == 200
    assert (await site.shake_hands()).kind == "websocket.accept"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8000", "localhost:8000"),
        ("HTTP://LocalHost:8000", "localhost:8000"),
        ("http://localhost", "localhost"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("https://localhost", "localhost"),
        ("https://localhost:443", "localhost"),
    ],
)
async def test_the_servers_own_page_passes(origin: str, host: str) -> None:
    site = Site()
    assert (await site.ask(method="POST", host=host, headers=[("Origin", origin)])).status == 200
    assert (await site.shake_hands(host=host, headers=[("Origin", origin)])).kind == "websocket.accept"


async def test_allowed_origins_pass() -> None:
    site = Site(origins=("https://Charts.Example/",))
    headers = [("Origin", "https://charts.example")]
    assert (await site.ask(method="POST", headers=headers)).status == 200
    assert (await site.shake_hands(headers=headers)).kind == "websocket.accept"


async def test_two_origins_are_forbidden() -> None:
    headers = [("Origin", "http://localhost:8000"), ("Origin", "http://localhost:8000")]
    assert (await Site().shake_hands(headers=headers)).code == "forbidden_origin"


# token


@pytest.mark.parametrize("path", ["/api/system", "/api", "/api/docs", "/api/openapi.json", "/metrics", "/ws"])
async def test_without_the_token_a_request_is_unauthorised(path: str) -> None:
    answer = await Site(token=TOKEN).ask(path)
    assert (answer.status, answer.code) == (401, "unauthorised")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/", "/assets/index.js", "/health/live", "/health/ready", "/backtests/x", "/apiary"])
async def test_static_files_and_health_stay_open(path: str) -> None:
    assert (await Site(token=TOKEN).ask(path)).status == 200


async def test_the_token_in_the_header_is_accepted() -> None:
    site = Site(token=TOKEN)
    assert (await site.ask(headers=bearer(TOKEN))).status == 200
    assert (await site.ask(headers=[("authorization", f"bearer  {TOKEN}")])).status == 200
    assert (await site.shake_hands(headers=bearer(TOKEN))).kind == "websocket.accept"


@pytest.mark.parametrize("given", ["", "wrong", TOKEN + "x", TOKEN[:-1], TOKEN.upper(), "é" * 10])
async def test_another_token_is_unauthorised(given: str) -> None:
    site = Site(token=TOKEN)
    assert (await site.ask(headers=bearer(given))).code == "unauthorised"
    assert (await site.shake_hands(headers=bearer(given))).code == "unauthorised"
    assert (await site.shake_hands(offers=[f"forge.auth.{given}"])).code == "unauthorised"


async def test_a_basic_header_and_a_query_carry_no_token() -> None:
    site = Site(token=TOKEN)
    assert (await site.ask(headers=[("Authorization", f"Basic {TOKEN}")])).code == "unauthorised"
    assert (await site.ask(headers=[("Authorization", TOKEN)])).code == "unauthorised"
    assert (await site.ask(f"/api/system?token={TOKEN}")).code == "unauthorised"


async def test_a_browsers_socket_offers_the_token_as_a_subprotocol() -> None:
    site = Site(token=TOKEN)
    assert (await site.shake_hands(offers=["forge.v1.json", OFFERED])).kind == "websocket.accept"
    assert (await site.shake_hands("/ws/runs/x", offers=[f"{OFFERED}=="])).kind == "websocket.accept"


async def test_a_refusal_repeats_no_token() -> None:
    answer = await Site(token=TOKEN).shake_hands(offers=["forge.auth.d3Jvbmc"])
    said = answer.body.decode() + repr(answer.headers)
    assert "d3Jvbmc" not in said
    assert TOKEN not in said
    assert "sec-websocket-protocol" not in answer.headers


async def test_tokens_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[object] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append(a)
        return a == b

    monkeypatch.setattr(hmac, "compare_digest", compare)
    site = Site(token=TOKEN)
    await site.ask(headers=bearer("wrong"))
    await site.shake_hands(offers=["forge.auth.wrong"])
    assert compared == [b"wrong", b"forge.auth.wrong"]


# answers


async def test_every_answer_leaves_with_security_headers_but_those_it_sets_itself() -> None:
    site = Site()
    refused, answered = await site.ask(host="evil.example"), await site.ask()
    for name, value in SECURITY_HEADERS:
        assert refused.headers[name.decode()] == value.decode()
        assert name.decode() in answered.headers
    assert answered.headers["x-frame-options"] == "SAMEORIGIN"


async def test_a_problem_says_where_and_is_not_kept() -> None:
    answer = await Site().ask("/api/" + "x" * 1000, host="evil.example")
    problem = msgspec.json.decode(answer.body, type=Problem)
    assert problem.instance == ("/api/" + "x" * 1000)[:500]
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.body)


async def test_the_answer_to_head_has_no_body() -> None:
    answer = await Site().ask(method="HEAD", host="evil.example")
    assert (answer.status, answer.body) == (403, b"")
    assert int(answer.headers["content-length"]) > 0


async def test_a_handshake_is_denied_with_a_problem_over_http() -> None:
    answer = await Site().shake_hands(host="evil.example")
    assert answer.kind == "websocket.http.response.start"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_server_that_cannot_deny_over_http_closes_the_handshake() -> None:
    assert (await Site().shake_hands(host="evil.example", denies=False)).kind == "websocket.close"


async def test_the_lifespan_passes() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await Site(app).app({"type": "lifespan"}, never, nowhere)
    assert seen == ["lifespan"]
