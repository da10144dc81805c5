"""A server with the demo data, and a folder in which what the texts tell to type is typed."""

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.documents.texts import ROOT
from tests.integration.serving import serving
from tests.integration.site import bars_csv

_ACTIVE: Final = "Pending,Running"
_FOUND_LIMIT_S: Final = 10.0


class Desk:
    """Where a reader sits: `folder` is where the server was started, `environment` has `forge` on its path."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=40, trust_env=False)
        programs = folder / "bin"
        programs.mkdir()
        forge = programs / "forge"
        forge.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m server "$@"\n')
        forge.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FORGE_", "HOST", "PORT"))}
        path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
        self.environment = kept | {"FORGE_URL": url, "PATH": path, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}

    def here(self, code: str) -> str:
        """The code with the address of this server in place of the usual one."""
        return re.sub(r"(localhost|127\.0\.0\.1):8000", self.url.removeprefix("http://"), code)

    def put(self, name: str, content: str) -> None:
        """Writes a file; of a strategy returns once the server has found it."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        deadline = time.monotonic() + _FOUND_LIMIT_S
        while file.match("strategies/*.py") and file.name not in self._strategy_files():
            assert time.monotonic() < deadline, f"{name} is not found"
            time.sleep(0.05)  # the distance between two questions

    def _strategy_files(self) -> set[str]:
        items = self.http.get("/api/strategies").json()["items"]
        return {Path(item["file"]).name for item in items if item["file"]}

    def bring(self, asset: str) -> None:
        """Hourly bars, as the texts suppose them to be there."""
        answer = self.http.post(
            "/api/datasets",
            content=bars_csv(2_000, seed=len(asset)),
            headers={"Content-Type": "text/csv"},
            params={"assetName": asset, "exchange": "Binance", "timeFrame": "1h"},
        )
        assert answer.is_success, answer.text

    def clear(self) -> None:
        """Ends what the demo has begun, which would take the workers for half a minute."""
        for kind in ("backtests", "optimizations"):
            for run in self.http.get(f"/api/{kind}", params={"status": _ACTIVE}).json()["items"]:
                self.http.post(f"/api/{kind}/{run['runKey']}/cancel")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The one that all texts share; it interprets strategies, as compiling them would take longer than running."""
    folder = tmp_path_factory.mktemp("desk")
    with serving(folder / ".forge", FORGE_DEMO="1", FORGE_WORKERS="2", FORGE_COMPILE="off") as served:
        it = Desk(folder, served.url)
        it.clear()
        it.bring("BTCUSDT")
        it.bring("ETHUSDT")
        yield it
        it.http.close()
