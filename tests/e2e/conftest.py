"""The dashboard as readers use it: the built page in a real Chromium, before a real server with demo data."""

import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.integration.serving import Served, serving

WAIT_MS: Final = 20_000
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_STRATEGIES: Final = {
    "boom.py": '''
        from server.strategies import Bar, Strategy, param


        class Boom(Strategy):
            """Raises at a bar, when it is told to."""

            version = "1.0.0"
            at: int = param(100, min=0, max=1000, step=50, description="Bar at which it raises.")
            fails: bool = param(True, description="Whether it raises at all.")

            def init(self) -> None:
                pass

            def on_bar(self, bar: Bar) -> None:
                if self.fails and bar.i == self.at:
                    raise RuntimeError(f"boom at {bar.i}")
        ''',
    "broken.py": "from server.strategies import Strategy\n\nclass Broken(Strategy:\n",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what lies in this folder, so that it can be run, and left out, by its marker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one; it has no sandbox in a container."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    own = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **own, "args": ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with demo data, a strategy that fails and one that does not load."""
    home = tmp_path_factory.mktemp("dashboard") / "home"
    strategies = home / "strategies"
    strategies.mkdir(parents=True)
    for name, source in _STRATEGIES.items():
        (strategies / name).write_text(textwrap.dedent(source))
    with serving(home, FORGE_DEMO="1") as server:
        yield server


@pytest.fixture(scope="session")
def base_url(served: Served) -> str:
    """Where `page.goto` begins."""
    return served.url


@pytest.fixture(autouse=True)
def patience() -> None:
    """The machine may be busy with other tests."""
    expect.set_options(timeout=WAIT_MS)


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained of: errors, refused styles and scripts. A test clears what it expects."""
    told: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            told.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: told.append(str(error)))
    yield told
    assert told == []
