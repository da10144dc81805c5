"""Servers with bars and strategies: one for most tests, others for those that end them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.integration.openapi_document import OpenApiDocument
from tests.integration.serving import serving
from tests.integration.site import STRATEGIES, Site, bars_csv

SETTINGS: Final = {
    "FORGE_WORKERS": "2",
    "FORGE_CANCEL_GRACE": "0.2",
    "FORGE_DRAIN_TIMEOUT": "1",
    "FORGE_WORKER_MEMORY_MB": "512",
    "FORGE_DOWNLOAD_URL": "http://127.0.0.1:9",  # nobody: made-up requests must not bother real exchanges
}
OpenSite = Callable[..., AbstractContextManager[Site]]


@contextmanager
def opened(folder: Path, *, fill: bool = True, **settings: str) -> Iterator[Site]:
    """A server on the home in `folder`; with `fill` its bars are brought first."""
    strategies, gates = folder / "strategies", folder / "gates"
    strategies.mkdir(exist_ok=True)
    gates.mkdir(exist_ok=True)
    for name, text in STRATEGIES.items():
        if not (strategies / name).exists():
            (strategies / name).write_text(text)
    told = {"FORGE_STRATEGIES": str(strategies), "GATES": str(gates), **SETTINGS} | settings
    with serving(folder / "home", **told) as served:
        token = settings.get("FORGE_TOKEN")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx.Client(base_url=served.url, timeout=40, trust_env=False, headers=headers) as http:
            site = Site(served, gates, http)
            if fill:
                answer = site.bring(bars_csv())
                assert answer.status_code in (200, 201), answer.text
            yield site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that most tests share."""
    with opened(tmp_path_factory.mktemp("site")) as it:
        yield it


@pytest.fixture(scope="session")
def told(site: Site) -> OpenApiDocument:
    """The OpenAPI document of that server."""
    return OpenApiDocument(site.http.get("/api/openapi.json").json())


@pytest.fixture
def open_site(tmp_path: Path) -> OpenSite:
    """Opens servers on one home, one after the other; they interpret strategies unless told: so they start sooner."""
    return partial(opened, tmp_path, FORGE_COMPILE="off")
