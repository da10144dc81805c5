"""Which server is meant when none is named."""

import pytest

from server.client import Forge
from server.client.environment import DEFAULT_URL, server_of

TOLD = {"FORGE_URL": " http://there:1 ", "FORGE_TOKEN": "a-secret"}


@pytest.mark.parametrize(
    ("url", "token", "environment", "meant"),
    [
        (None, None, {}, (DEFAULT_URL, None)),
        (None, None, TOLD, ("http://there:1", "a-secret")),
        (None, "another", TOLD, ("http://there:1", "another")),
        ("http://here", None, TOLD, ("http://here", None)),
        ("http://here", "another", TOLD, ("http://here", "another")),
        (None, None, {"FORGE_URL": "", "FORGE_TOKEN": "a-secret"}, (DEFAULT_URL, "a-secret")),
    ],
)
def test_what_is_given_comes_before_the_environment(
    url: str | None, token: str | None, environment: dict[str, str], meant: tuple[str, str | None]
) -> None:
    assert server_of(url, token, environment) == meant


def test_a_client_without_an_address_asks_the_server_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGE_URL", "http://there:1/")
    with Forge() as forge:
        assert forge.url == "http://there:1"
