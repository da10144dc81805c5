"""Which server is meant when none is named: the two variables that a client reads."""

import os
from collections.abc import Mapping
from typing import Final

DEFAULT_URL: Final = "http://127.0.0.1:8000"


def server_of(
    url: str | None, token: str | None, environment: Mapping[str, str] = os.environ
) -> tuple[str, str | None]:
    """The server's address with its token: as given, else by FORGE_URL and FORGE_TOKEN, else on this machine.

    A token of the environment goes to the server of the environment alone, so that no other is told it.
    """
    if url is not None:
        return url, token
    told = environment.get("FORGE_URL", "").strip() or DEFAULT_URL
    return told, token or environment.get("FORGE_TOKEN", "").strip() or None
