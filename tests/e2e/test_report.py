"""The report of a finished backtest: charts and tables that belong together."""

import re
from datetime import datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.dashboard import scroll_to, tab_to
from tests.integration.site import Site, bars_csv

LONG_ROWS: Final = 12_000
HOUR_MS: Final = 3_600_000
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
    scroll_to(page, "prices")
    chart = page.get_by_role("application", name="Prices of")
    expect(chart.locator("canvas").first).to_be_visible()
    return chart


def view_of(page: Page) -> tuple[float, float]:
    """From when to when the price chart shows, in ms."""
    shown = page.locator("#prices figure")
    return float(shown.get_attribute("data-from") or 0), float(shown.get_attribute("data-to") or 0)


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


def test_a_trade_that_is_chosen_moves_the_chart_to_it_and_is_marked(page: Page, long_run: str) -> None:
    page.goto(f"/backtests/{long_run}")
    chart = prices(page)
    expect(chart).to_have_attribute("data-step", "14400000")
    scroll_to(page, "trades")
    trades = page.get_by_role("region", name="Table of trades")
    row = trades.get_by_role("row").nth(3)
    row.get_by_role("cell").nth(2).click()
    expect(chart).to_have_attribute("data-step", "3600000")
    marked = page.get_by_test_id("marked")
    entry = row.get_by_role("cell").first.inner_text()
    expect(marked).to_contain_text(entry)
    expect(chart).to_be_in_viewport()
    entered = datetime.strptime(f"{entry} +0000", "%b %d, %Y, %H:%M %z").timestamp() * 1000
    first, last = view_of(page)
    assert first < entered < last
    assert last - first < LONG_ROWS / 10 * HOUR_MS
    button = row.get_by_role("button")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(marked).to_contain_text(trades.get_by_role("row").nth(4).get_by_role("cell").first.inner_text())
    page.get_by_role("button", name="Clear").click()
    expect(marked).to_have_count(0)


def test_trades_are_sorted_by_the_server(page: Page, long_run: str) -> None:
    page.goto(f"/backtests/{long_run}")
    scroll_to(page, "trades")
    trades = page.get_by_role("region", name="Table of trades")
    profits = trades.locator("tbody tr td:nth-child(7)")
    trades.get_by_role("button", name="Profit").click()
    expect(trades.get_by_role("columnheader", name="Profit")).to_have_attribute("aria-sort", "descending")
    expect(profits.first).to_contain_text("+")
    trades.get_by_role("button", name="Profit").click()
    expect(profits.first).to_contain_text("-")


def test_equity_is_compared_with_holding_the_asset(page: Page, long_run: str, site: Site) -> None:
    page.goto(f"/backtests/{long_run}")
    chart = page.get_by_role("application", name="Equity and drawdown of RsiReversion")
    told = page.get_by_test_id("against-holding")
    bars = site.http.get(f"/api/backtests/{long_run}/bars", params={"points": 2}).json()["rows"]
    gained = 100 * (bars[-1][4] / bars[0][1] - 1)
    expect(told).to_contain_text(f"made {gained:+.2f}%")
    compared = page.get_by_role("checkbox", name="Compare with buy and hold")
    compared.check()
    expect(chart).to_have_attribute("data-held", "true")
    tab_to(page, chart)
    page.keyboard.press("End")
    reading = page.get_by_test_id("equity-reading")
    expect(reading).to_contain_text(f"Buy and hold {10_000 * (1 + gained / 100):,.2f}")
    compared.uncheck()
    expect(chart).to_have_attribute("data-held", "false")
    expect(reading).not_to_contain_text("Buy and hold")
    expect(reading).to_contain_text("Drawdown")


def test_returns_are_told_by_month(page: Page, long_run: str, site: Site) -> None:
    page.goto(f"/backtests/{long_run}")
    months = scroll_to(page, "months").get_by_role("table")
    points = site.http.get(f"/api/backtests/{long_run}/equity").json()["points"]
    start_of_2025_ms = 1_735_689_600_000
    end_of_2024 = [equity for ts, equity, _ in points if ts < start_of_2025_ms][-1]
    first = f"{100 * (end_of_2024 / 10_000 - 1):+.2f}%"
    second = f"{100 * (points[-1][1] / end_of_2024 - 1):+.2f}%"
    expect(months.get_by_role("row", name="2024").get_by_role("cell").last).to_have_text(first)
    expect(months.get_by_role("row", name="2025").get_by_role("cell").last).to_have_text(second)
    expect(months.get_by_role("columnheader")).to_have_count(14)
    expect(months.get_by_role("row", name="2025").get_by_role("cell").nth(11)).to_have_text("–")


def test_parts_below_the_window_are_not_asked_for(page: Page, long_run: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/backtests/{long_run}")
    expect(page.get_by_test_id("against-holding")).to_contain_text("made")
    assert not [url for url in asked if "points=20000" in url or "/orders" in url or "/trades" in url]
    scroll_to(page, "months")
    expect(page.get_by_role("region", name="Table of returns by month")).to_be_visible()
    assert [url for url in asked if "points=20000" in url]


def test_rejected_orders_tell_why_and_are_shown_on_the_chart(page: Page, site: Site) -> None:
    poor = site.run("backtests", site.settings(initialCash=50))
    page.goto(f"/backtests/{poor['runKey']}")
    orders = scroll_to(page, "orders")
    rejected = poor["result"]["rejectedOrders"]
    assert rejected
    expect(orders).to_contain_text(f"{rejected:,} rejected")
    orders.get_by_role("radio", name="Rejected").check()
    expect(orders.get_by_role("navigation")).to_contain_text(f"of {rejected:,} orders")
    row = orders.get_by_role("row").nth(1)
    expect(row).to_contain_text("Not enough cash")
    row.click()
    expect(page.get_by_test_id("marked")).to_contain_text("rejected")
    orders.get_by_role("radio", name="Expired").check()
    expect(orders).to_contain_text("No such orders")


def test_a_run_without_an_event_log_is_run_again_to_have_one(page: Page, site: Site) -> None:
    key = site.run("backtests", site.fresh())["runKey"]
    page.goto(f"/backtests/{key}")
    events = scroll_to(page, "events")
    events.get_by_role("button", name="Run again with the event log").click()
    expect(page.locator("dt", has_text="Attempt").locator("+ dd")).to_have_text("2")
    scroll_to(page, "events")
    rows = page.get_by_role("region", name="Table of events").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Run begins")
    expect(rows).to_have_count(51)
    for kind in ("Orders", "Positions", "Signals", "Risk and cash", "Notices"):
        events.get_by_role("checkbox", name=kind).uncheck()
    expect(events).to_contain_text("No kind is chosen")
    events.get_by_role("checkbox", name="Bars").check()
    expect(rows.nth(1)).to_contain_text("Time frame 1h · open 100")
    events.get_by_role("button", name="Next").click()
    expect(events.get_by_role("navigation")).to_contain_text("51 – 100 events")
    expect(rows.nth(1)).to_contain_text("Jan 03, 2024, 02:00")
    rows.nth(1).get_by_role("button").press("Enter")
    expect(page.get_by_test_id("marked")).to_contain_text("bar")


def test_a_failed_run_tells_how_far_it_came_and_keeps_its_log(page: Page, site: Site) -> None:
    request = site.fresh(strategyName="Boom", strategyParameters={"at": 150}, eventLog=True)
    page.goto(f"/backtests/{site.run('backtests', request, 'Failed')['runKey']}")
    expect(page.get_by_test_id("failed-at")).to_contain_text("after 150 of 3,000 bars")
    expect(page.get_by_test_id("failed-at")).to_contain_text("Jan 07, 2024, 05:00 UTC")
    log = page.get_by_role("region", name="Table of events")
    expect(log.get_by_role("row").last).to_contain_text("Error")


def test_definitions_are_shown_with_the_focus(page: Page, long_run: str) -> None:
    page.goto(f"/backtests/{long_run}")
    term = page.get_by_role("region", name="Key figures").get_by_role("term").filter(has_text="Profit factor")
    tab_to(page, term)
    expect(page.get_by_role("tooltip")).to_have_text("Gross profit by gross loss")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_a_run_over_several_series_shows_the_prices_of_each(page: Page, site: Site) -> None:
    site.bring(bars_csv(2_000, seed=5), assetName="OTHER").raise_for_status()
    series = [{"assetName": name, "exchange": "TEST", "timeFrame": "1h"} for name in ("ACME", "OTHER")]
    request = site.fresh(dataSubscriptions=series)
    for name in ("assetName", "exchange", "timeFrame"):
        del request[name]
    page.goto(f"/backtests/{site.run('backtests', request)['runKey']}")
    expect(prices(page)).to_have_accessible_name(re.compile("Prices of ACME"))
    page.get_by_role("combobox", name="Series").select_option("OTHER · TEST · 1h")
    expect(prices(page)).to_have_accessible_name(re.compile("Prices of OTHER"))
    expect(prices(page)).to_have_attribute("data-rows", "2000")
    expect(prices(page)).to_have_attribute("data-markers", "0")
    scroll_to(page, "trades").get_by_role("row").nth(1).click()
    expect(page.get_by_test_id("marked")).to_contain_text("prices are those of another asset")


def test_a_part_of_the_report_is_gone_to_and_data_are_told_by_hash(page: Page, long_run: str, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/backtests/{long_run}")
    page.get_by_role("navigation", name="Parts of the report").get_by_role("link", name="Settings").click()
    settings = page.get_by_role("region", name="Settings and provenance")
    expect(settings).to_be_in_viewport()
    result = site.status("backtests", long_run)["result"]
    for fact in (result["data"][0]["contentHash"], result["data"][0]["datasetId"], result["engineVersion"], long_run):
        expect(settings).to_contain_text(fact)
    settings.get_by_role("button", name=long_run).click()
    expect(page.get_by_role("status").filter(has_text="RunKey copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == long_run
