"""A server with a token: what it opens, and what stays open without it."""

import base64
from collections.abc import Iterator
from typing import Final

import pytest

from tests.integration.conftest import opened
from tests.integration.listener import listening, refusal
from tests.integration.site import Site

TOKEN: Final = "a-token-of-tests/+="
RIGHT: Final = {"Authorization": f"Bearer {TOKEN}"}
OFFERED: Final = "forge.auth." + base64.urlsafe_b64encode(TOKEN.encode()).rstrip(b"=").decode()
PROBLEM: Final = "application/problem+json"
WRONG: Final = [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server; the client of this site does not send the token by itself."""
    with opened(tmp_path_factory.mktemp("guarded"), FORGE_TOKEN=TOKEN) as site:
        del site.http.headers["Authorization"]
        yield site


@pytest.fixture(scope="module")
def key(guarded: Site) -> str:
    """A finished run."""
    answer = guarded.http.post("/api/backtests", json=guarded.fresh(), headers=RIGHT)
    run_key: str = answer.json()["runKey"]
    with listening(guarded, f"/ws/runs/{run_key}", headers=RIGHT) as listener:
        listener.final(run_key)
    return run_key


@pytest.mark.parametrize("headers", WRONG, ids=["none", "wrong", "basic"])
def test_without_the_token_the_api_is_closed(guarded: Site, key: str, headers: dict[str, str]) -> None:
    for path in ("/api/system", "/api/backtests", f"/api/backtests/{key}/status", "/api/openapi.json", "/api/nothing"):
        guarded.problem(guarded.http.get(path, headers=headers), 401, "unauthorised")
    answer = guarded.http.post("/api/backtests", json=guarded.fresh(), headers=headers)
    guarded.problem(answer, 401, "unauthorised")


@pytest.mark.parametrize("headers", WRONG, ids=["none", "wrong", "basic"])
def test_without_the_token_sockets_are_refused(guarded: Site, key: str, headers: dict[str, str]) -> None:
    for path in ("/ws", f"/ws/runs/{key}", f"/ws?token={TOKEN}"):
        assert refusal(guarded, path, headers=headers) == (401, PROBLEM, "unauthorised")
    assert refusal(guarded, "/ws", subprotocols=("forge.v1.json", "forge.auth.d3Jvbmc"))[0] == 401


def test_the_header_opens_the_api(guarded: Site, key: str) -> None:
    assert guarded.http.get(f"/api/backtests/{key}/status", headers=RIGHT).json()["status"] == "Completed"


def test_header_and_subprotocol_open_both_sockets(guarded: Site, key: str) -> None:
    for path in ("/ws", f"/ws/runs/{key}"):
        with listening(guarded, path, headers=RIGHT) as listener:
            listener.next()
        with listening(guarded, path, subprotocols=("forge.v1.json", OFFERED)) as listener:
            assert listener.connection.subprotocol == "forge.v1.json"
            listener.next()


def test_the_token_is_never_echoed(guarded: Site) -> None:
    with listening(guarded, subprotocols=(OFFERED,)) as listener:
        assert listener.connection.subprotocol is None
        assert listener.next()["type"] == "welcome"


def test_what_tells_of_health_and_the_page_need_no_token(guarded: Site) -> None:
    for path in ("/health/live", "/health/ready"):
        assert guarded.http.get(path).status_code == 200
    assert guarded.http.get("/").status_code != 401


def test_the_token_is_not_in_the_log(guarded: Site) -> None:
    log = guarded.served.log.read_text()
    assert log
    assert TOKEN not in log
    assert OFFERED not in log
