"""Takes the pictures of the README from a real server with demo data: python -m tests.e2e.screenshots [NAME…]"""

import re
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.chromium import launch_options
from tests.integration.serving import serving

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
WAIT_MS: Final = 120_000
NO_GUTTER: Final = "html { overflow-y: auto }"
"""A picture has no scroll bar, so none needs room."""

APPLE: Final = {
    "assetName": "AAPL",
    "exchange": "NASDAQ",
    "timeFrame": "1d",
    "startTime": "2019-01-02T00:00:00Z",
    "endTime": "2024-12-30T00:00:00Z",
    "initialCash": 10_000,
    "commissionPerTrade": 0.0005,
}
SYNTHETIC: Final = APPLE | {
    "assetName": "SYNTHETIC",
    "exchange": "DEMO",
    "timeFrame": "1m",
    "startTime": "2023-03-01T00:00:00Z",
    "endTime": "2023-04-30T23:59:00Z",
    "commissionPerTrade": 0,
}
CROSSOVER: Final = {"strategyName": "SmaCrossover", "sortBy": "netProfit"}
PULLBACK: Final = '''
from server.strategies import Bar, Sma, Strategy, param


class Pullback(Strategy):
    """Buys closes below the average, less after losses."""

    version = "1.0.0"
    period: int = param(20, min=2, max=500, step=1, description="Bars in the average.")
    risk: float = param(50.0, min=0.01, max=1e6, description="Units at risk.")

    def init(self) -> None:
        self.average = Sma(self.period)
        self.losses: list[float] = []

    def on_bar(self, bar: Bar) -> None:
        self.average.update(bar.close)
        if self.average.ready and self.position == 0 and bar.close * self.period < self.average.total:
            self.buy(self.stake())

    def stake(self) -> float:
        return self.risk / len(self.losses)
'''


class Studio:
    """A page of a running server, and where its pictures go."""

    def __init__(self, page: Page, http: httpx.Client) -> None:
        self.page = page
        self._http = http

    def open(self, kind: str, request: dict[str, Any]) -> None:
        """Submits a run and goes to its page."""
        answer = self._http.post(f"/api/{kind}", json=request).raise_for_status()
        self.page.goto(f"/{kind}/{answer.json()['runKey']}")

    def run(self, request: dict[str, Any]) -> str:
        """The key of a backtest once it has ended."""
        key = str(self._http.post("/api/backtests", json=request).raise_for_status().json()["runKey"])
        self.page.goto(f"/backtests/{key}")
        expect(self.page.get_by_role("region", name="Key figures")).to_be_visible()
        return key

    def take(self, name: str) -> None:
        """Keeps what the page shows."""
        self.page.mouse.move(0, 0)
        self.page.screenshot(path=IMAGES / f"{name}.png", style=NO_GUTTER, animations="disabled")


def live(studio: Studio) -> None:
    """A sweep half way."""
    axes = {
        "fastPeriod": {"min": 2, "max": 200, "step": 1},
        "slowPeriod": {"min": 100, "max": 1000, "step": 5},
        "quantity": {"fixed": 50},
    }
    studio.open("optimizations", SYNTHETIC | CROSSOVER | {"axes": axes, "label": "two months of minutes"})
    bar = studio.page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", re.compile("^(4[5-9]|5[0-9])$"))
    expect(studio.page.get_by_test_id("leaders")).to_be_visible()
    studio.take("live")
    studio.page.get_by_role("button", name="Cancel").click()
    expect(studio.page.get_by_text("This optimization was cancelled.")).to_be_visible()


def finished(studio: Studio) -> None:
    """A backtest with its curve."""
    parameters = {"fastPeriod": 10, "slowPeriod": 200, "quantity": 80}
    studio.open("backtests", APPLE | {"strategyName": "SmaCrossover", "strategyParameters": parameters})
    expect(studio.page.get_by_role("application", name="Equity and drawdown of SmaCrossover")).to_be_visible()
    expect(studio.page.get_by_test_id("against-holding")).to_contain_text("made")
    studio.take("finished")


def failed(studio: Studio) -> None:
    """A strategy that divides by the number of its losses before it had one."""
    studio.open("backtests", APPLE | {"strategyName": "Pullback"})
    expect(studio.page.get_by_test_id("stack-trace")).to_be_visible()
    studio.take("failed")


def sweep(studio: Studio) -> None:
    """The heat map of a finished sweep."""
    axes = {
        "fastPeriod": {"min": 5, "max": 50, "step": 5},
        "slowPeriod": {"min": 60, "max": 300, "step": 10},
        "quantity": {"fixed": 80},
    }
    studio.open("optimizations", APPLE | CROSSOVER | {"axes": axes, "label": "which crossover?"})
    expect(studio.page.get_by_role("region", name="Table of trials").get_by_role("row")).to_have_count(26)
    expect(studio.page.get_by_test_id("best-curve")).to_be_visible()
    studio.page.get_by_test_id("heat-map").scroll_into_view_if_needed()
    studio.take("sweep")


def compare(studio: Studio) -> None:
    """Three crossovers side by side."""
    keys = [
        studio.run(APPLE | {"strategyName": "SmaCrossover", "strategyParameters": parameters, "label": label})
        for label, parameters in (
            ("quick", {"fastPeriod": 5, "slowPeriod": 50, "quantity": 80}),
            ("slow", {"fastPeriod": 10, "slowPeriod": 200, "quantity": 80}),
            ("in between", {"fastPeriod": 15, "slowPeriod": 90, "quantity": 80}),
        )
    ]
    studio.page.goto(f"/compare?runs={','.join(keys)}")
    expect(studio.page.get_by_role("application", name="Equity of A", exact=False)).to_be_visible()
    studio.take("compare")


PICTURES: Final = {picture.__name__: picture for picture in (live, finished, failed, sweep, compare)}


def main() -> None:
    """Those that are named, or all."""
    expect.set_options(timeout=WAIT_MS)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        (home / "strategies").mkdir(parents=True)
        (home / "strategies" / "pullback.py").write_text(PULLBACK)
        with serving(home, FORGE_DEMO="1") as served, httpx.Client(base_url=served.url, trust_env=False) as http:
            for kind in ("optimizations", "backtests"):  # the first runs of a demo home: they would only take time
                for item in http.get(f"/api/{kind}").raise_for_status().json()["items"]:
                    http.delete(f"/api/{kind}/{item['runKey']}").raise_for_status()
            browser = playwright.chromium.launch(**launch_options())
            # past the policy for NO_GUTTER alone
            page = browser.new_page(
                base_url=served.url, viewport={"width": 1280, "height": 800}, color_scheme="light", bypass_csp=True
            )
            studio = Studio(page, http)
            for name in sys.argv[1:] or PICTURES:
                PICTURES[name](studio)
            browser.close()


if __name__ == "__main__":
    main()
