"""The dashboard as readers use it: the built page in a real Chromium, before real servers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.chromium import launch_options
from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import WAIT_MS, dashboard
from tests.integration.site import Site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what lies in this folder, so that it can be run, and left out, by its marker."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser that the machine has."""
    return browser_type_launch_args | launch_options()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that most tests share."""
    with dashboard(tmp_path_factory.mktemp("dashboard")) as it:
        yield it


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """Where `page.goto` begins."""
    return site.served.url


@pytest.fixture(autouse=True)
def patience() -> None:
    """The machine may be busy with other tests."""
    expect.set_options(timeout=WAIT_MS)


@pytest.fixture(autouse=True)
def complaints(context: BrowserContext) -> Iterator[Complaints]:
    """Hears every page of the test; one that complains fails it, unless that was expected."""
    heard = Complaints()
    heard.listen(context)
    yield heard
    assert heard.unexpected() == []
