"""The report of a finished backtest: charts and tables that belong together."""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.dashboard import tab_to
from tests.integration.site import Site, bars_csv

LONG_ROWS: Final = 12_000
READS: Final = re.compile("Open.*High.*Low.*Close.*Volume.*Rsi")


@pytest.fixture(scope="module")
def long_run(site: Site) -> str:
    """The key of a run over more bars than a chart holds candles."""
    site.bring(bars_csv(LONG_ROWS), assetName="LONG").raise_for_status()
    request = over_long_bars(site, strategyName="RsiReversion")
    return str(site.run("backtests", request)["runKey"])


def over_long_bars(site: Site, **changes: Any) -> dict[str, Any]:
    """A request over all of LONG."""
    return site.settings(assetName="LONG", endTime="2025-12-31T00:00:00Z", **changes)


def prices(page: Page) -> Locator:
    """The price chart once it is drawn."""
    chart = page.get_by_role("application", name="Prices of")
    expect(chart.locator("canvas").first).to_be_visible()
    return chart


def rows_of(chart: Locator) -> int:
    """The candles that are loaded."""
    return int(chart.get_attribute("data-rows") or 0)


def test_prices_are_shown_with_fills_and_a_pane_of_the_indicator(page: Page, long_run: str) -> None:
    page.goto(f"/backtests/{long_run}")
    chart = prices(page)
    expect(chart).to_have_attribute("data-panes", "3")  # prices, RSI, volume
    expect(page.get_by_test_id("reading")).to_have_text(READS)
    assert rows_of(chart) <= 3_000
    zoom = page.get_by_role("button", name="Zoom in")
    for _ in range(4):
        zoom.click()
        page.wait_for_timeout(200)  # as a hand that clicks
    expect(chart).to_have_attribute("data-step", "3600000")  # of the part in view there is room for every bar
    expect(chart).to_have_attribute("data-markers", re.compile(r"[1-9]\d*"))
    page.get_by_role("button", name="Show all").click()
    expect(chart).to_have_attribute("data-step", "14400000")


def test_candles_are_read_by_the_keyboard(page: Page, long_run: str) -> None:
    page.goto(f"/backtests/{long_run}")
    chart = prices(page)
    tab_to(page, chart)
    reading = page.get_by_test_id("reading")
    page.keyboard.press("Home")
    expect(reading).to_contain_text("Jan 01, 2024, 00:00")
    page.keyboard.press("ArrowRight")
    expect(reading).to_contain_text("Jan 01, 2024, 04:00")
    page.keyboard.press("Escape")
    expect(reading).to_contain_text("2025")
    expect(chart).to_have_accessible_description(re.compile("LONG, 3,000 candles of 4h.*Marks:"))
