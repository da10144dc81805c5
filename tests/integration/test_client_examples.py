"""The scripts beside the reader's guide to the client work, and the guide is whole."""

import re
import runpy
from pathlib import Path
from typing import Final

import pytest

import server.client
from tests.integration.site import Site, bars_csv

DOCS: Final = Path(__file__).parents[2] / "docs"
DAY_MS: Final = 86_400_000
GUIDE: Final = (DOCS / "client.md").read_text()


@pytest.fixture(scope="module")
def bars(site: Site) -> None:
    """Daily bars under the name of those that the demo has, which are enough for the words."""
    csv = bars_csv(2_000, start_ms=1_546_300_800_000, step_ms=DAY_MS)
    assert site.bring(csv, assetName="AAPL", exchange="NASDAQ", timeFrame="1d").is_success


@pytest.fixture(autouse=True)
def there(site: Site, bars: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who has told the client where the server is."""
    monkeypatch.setenv("FORGE_URL", site.served.url)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("quickstart", "net profit"),
        ("sweep", "43 trials, the best is Leader("),
        ("watch_many", "(40, 160)"),
        ("own_data", "brought"),
    ],
)
def test_an_example_runs_as_it_stands(name: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(DOCS / "examples" / f"{name}.py"))
    assert told in capsys.readouterr().out


def test_every_example_is_run() -> None:
    assert {file.stem for file in (DOCS / "examples").glob("*.py")} == {"quickstart", "sweep", "watch_many", "own_data"}


def test_the_guide_names_everything_that_the_client_offers() -> None:
    missing = [name for name in server.client.__all__ if not re.search(rf"\b{name}\b", GUIDE)]
    methods = [name for name in vars(server.client.Forge) if not name.startswith("_") and name not in ("close", "url")]
    assert missing + [name for name in methods if not re.search(rf"\b{name}\b", GUIDE)] == []
