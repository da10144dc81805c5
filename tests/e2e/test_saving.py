"""What a reader keeps of a run: its report, its tables, pictures of its charts."""

import struct
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.dashboard import WAIT_MS, assert_no_wider_than_its_window, tab_to
from tests.integration.site import Site

AXES: Final[dict[str, Any]] = {"fastPeriod": {"min": 2, "max": 6}, "slowPeriod": {"min": 10, "max": 40, "step": 10}}
PNG: Final = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def swept(site: Site) -> str:
    """The RunKey of a sweep of twenty trials."""
    request = site.settings(strategyName="SmaCrossover", axes=AXES, sortBy="netProfit")
    return str(site.run("optimizations", request)["runKey"])


@pytest.fixture(scope="module")
def run(site: Site) -> dict[str, Any]:
    """The status of a backtest."""
    parameters = {"fastPeriod": 3, "slowPeriod": 8}
    return site.run("backtests", site.settings(strategyName="SmaCrossover", strategyParameters=parameters))


def saved(page: Page, name: str, to: Path) -> Path:
    """What a press of the button gave."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = to / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_saved_report_opens_without_the_server(
    page: Page, context: BrowserContext, run: dict[str, Any], tmp_path: Path
) -> None:
    page.goto(f"/backtests/{run['runKey']}")
    page.get_by_role("button", name="Save", exact=True).click()
    path = saved(page, "Report as one HTML file", tmp_path)
    assert path.name == f"{run['runKey']}.html"
    asked: list[str] = []
    page.goto("about:blank")  # the dashboard would ask for its server
    offline = context.new_page()
    offline.on("request", lambda request: asked.append(request.url))
    context.set_offline(True)
    offline.goto(path.as_uri())
    expect(offline.get_by_role("heading", name="SmaCrossover")).to_be_visible()
    expect(offline.get_by_role("img", name="Equity and drawdown of SmaCrossover")).to_be_visible()
    expect(offline.locator("dd", has_text=run["runKey"])).to_be_visible()
    expect(offline.locator(".figures dd").first).to_contain_text(f"{abs(run['result']['metrics']['netProfit']):,.2f}")
    for scheme in ("light", "dark"):
        offline.emulate_media(color_scheme=scheme)
        ground, ink = offline.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
        )
        assert ground != ink
    offline.set_viewport_size({"width": 375, "height": 700})
    assert_no_wider_than_its_window(offline)
    assert asked == [path.as_uri()]


def test_trades_and_orders_are_saved_as_csv(page: Page, run: dict[str, Any], tmp_path: Path) -> None:
    page.goto(f"/backtests/{run['runKey']}")
    metrics = run["result"]["metrics"]
    for label, name, least in (
        ("Trades as CSV", "trades", metrics["totalTrades"]),
        ("Orders as CSV", "orders", metrics["totalFills"]),
    ):
        page.get_by_role("button", name="Save", exact=True).click()
        path = saved(page, label, tmp_path)
        assert path.name == f"{run['runKey']}.{name}.csv"
        assert len(path.read_text().splitlines()) > least


def test_the_menu_is_worked_by_keyboard_and_folds_on_escape(page: Page, swept: str, tmp_path: Path) -> None:
    page.goto(f"/optimizations/{swept}")
    button = page.get_by_role("button", name="Save", exact=True)
    expect(button).to_be_visible()
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Report as one HTML file")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    path = tmp_path / "report.html"
    download.value.save_as(path)
    assert "the best 20 of 20 trials" in path.read_text()
    expect(page.get_by_role("button", name="Report as one HTML file")).to_have_count(0)


@pytest.mark.parametrize(
    ("chart", "test_id"),
    [("Heat map", "heat-map"), ("Parallel coordinates", "parallel"), ("Distribution", "histogram")],
)
def test_a_chart_is_saved_as_a_picture(page: Page, swept: str, tmp_path: Path, chart: str, test_id: str) -> None:
    page.goto(f"/optimizations/{swept}")
    expect(page.get_by_test_id(test_id)).to_be_visible(timeout=WAIT_MS)
    assert_pictured(page, swept, chart, tmp_path)


@pytest.mark.parametrize("chart", ["Equity and drawdown", "Prices"])
def test_a_chart_of_a_backtest_is_saved_as_a_picture(
    page: Page, run: dict[str, Any], tmp_path: Path, chart: str
) -> None:
    page.goto(f"/backtests/{run['runKey']}")
    panel = page.locator("section", has=page.get_by_role("heading", name=chart, exact=True))
    expect(panel.locator("canvas").first).to_be_visible(timeout=WAIT_MS)
    assert_pictured(page, run["runKey"], chart, tmp_path)


def assert_pictured(page: Page, run_key: str, chart: str, folder: Path) -> None:
    """That a click keeps a PNG of the chart that is not empty."""
    picture = saved(page, f"Save a picture: {chart}", folder)
    assert picture.name == f"{run_key}.{chart.lower().replace(' ', '-')}.png"
    content = picture.read_bytes()
    assert content.startswith(PNG)
    width, height = struct.unpack(">II", content[16:24])
    assert width > 1000
    assert height > 200
    assert len(content) > 10_000, "there is something on it"
