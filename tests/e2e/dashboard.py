"""A server as the dashboard's tests want it, and what they do with its pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.e2e.strategies import STRATEGIES
from tests.integration.serving import serving
from tests.integration.site import Site, bars_csv

WAIT_MS: Final = 20_000
MOST_TABS: Final = 120
BEFORE_THE_FIRST_GATE: Final = re.compile("^(\\d|[12]\\d|3[0-3])$")
BETWEEN_THE_GATES: Final = re.compile("^(3[4-9]|[45]\\d|6[0-6])$")
"""Percent of 3,000 bars."""
OVER_ALL_BARS: Final = "asset=ACME&exchange=TEST&timeFrame=1h"


@contextmanager
def dashboard(folder: Path, *, fill: bool = True, **settings: str) -> Iterator[Site]:
    """A server on the home in `folder`; with `fill` it has bars and strategies. Started again it finds its home."""
    strategies, gates = folder / "home" / "strategies", folder / "gates"
    strategies.mkdir(parents=True, exist_ok=True)
    gates.mkdir(exist_ok=True)
    if fill:
        for name, text in STRATEGIES.items():
            (strategies / name).write_text(text)
    told = {"GATES": str(gates), "FORGE_WORKERS": "2", "FORGE_DRAIN_TIMEOUT": "1"} | settings
    with serving(folder / "home", **told) as served:
        token = settings.get("FORGE_TOKEN")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with httpx.Client(base_url=served.url, timeout=40, trust_env=False, headers=headers) as http:
            site = Site(served, gates, http)
            if fill:
                answer = site.bring(bars_csv())
                assert answer.status_code in (200, 201), answer.text
            yield site


class Gates:
    """The two bars at which a run of Gated waits, and the trials of Picky that do."""

    def __init__(self, site: Site) -> None:
        self.number = site.another()
        self._folder = site.gates

    def backtest(self, site: Site, **changes: Any) -> str:
        """Submits a backtest that waits at bar 1,000; its RunKey."""
        request = site.settings(strategyName="Gated", strategyParameters={"gate": self.number}, **changes)
        return str(site.submit("backtests", request)["runKey"])

    def sweep(self, site: Site, **changes: Any) -> str:
        """Submits 60 trials that go through, a fifth of them failing, and one that waits; its RunKey."""
        axes = {"number": {"values": [*range(1, 61), 101]}, "gate": {"fixed": self.number}}
        request = site.settings(strategyName="Picky", axes=axes, sortBy="netProfit", **changes)
        return str(site.submit("optimizations", request)["runKey"])

    def open(self, bar: int | None = None) -> None:
        """Lets the backtest go on from this bar; without one the waiting trial."""
        (self._folder / (f"{self.number}" if bar is None else f"{self.number}-{bar}")).touch()


def begin(page: Page, query: str) -> None:
    """Opens the form of a new run and waits until the server has judged it."""
    page.goto(f"/new?{query}")
    expect(page.get_by_test_id("verdict")).to_contain_text(re.compile("bars|combination"))


def submit(page: Page, kind: str = "backtest") -> None:
    """Starts the run and waits for its page."""
    page.get_by_role("button", name=f"Start {kind}").click()
    page.wait_for_url(re.compile(f"/{kind}s/"))


def badge(page: Page) -> Locator:
    """The word that says how the page is served."""
    return page.get_by_test_id("connection")


def key_figures(page: Page) -> Locator:
    """The figures at the head of a finished run."""
    return page.get_by_role("region", name="Key figures")


def key_figure(page: Page, name: str) -> Locator:
    """One of them; what it means stands in its name too."""
    return key_figures(page).locator("dt", has_text=re.compile(f"^{name}")).locator("xpath=..")


def progress(page: Page) -> Locator:
    """The bar of the run that the page shows."""
    return page.get_by_role("progressbar")


def scroll_to(page: Page, part: str) -> Locator:
    """Brings a part of a report into sight, which may load only then; the part."""
    found = page.locator(f"#{part}")
    found.evaluate("node => node.scrollIntoView()")
    expect(found).not_to_have_attribute("aria-busy", "true")
    found.evaluate("node => node.scrollIntoView()")  # what came in its place may be of another height
    return found


def tab_to(page: Page, target: Locator) -> None:
    """Goes there by the Tab key alone."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {target}")


def assert_no_wider_than_its_window(page: Page) -> None:
    """Nothing scrolls sideways but the tables, in frames of their own."""
    scroll, client = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert scroll <= client
