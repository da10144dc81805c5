"""What a reader hears of runs while looking elsewhere."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard import Gates, badge, progress
from tests.integration.site import Site

DESKTOP = """
window.asked = 0
window.Notification = class {
  static permission = 'default'
  static async requestPermission() { window.asked += 1; return (Notification.permission = 'granted') }
  constructor(title, options) { document.documentElement.dataset.told = `${title}: ${options.tag}` }
  close() {}
}
"""
"""Stands for the desktop: a browser without a window has none."""

HIDE = """
Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' })
document.dispatchEvent(new Event('visibilitychange'))
"""
SHOW = """
delete document.visibilityState
document.dispatchEvent(new Event('visibilitychange'))
"""


@pytest.fixture
def gates(site: Site) -> Gates:
    """Of the run that a test is about."""
    return Gates(site)


def test_the_end_of_a_run_that_was_looked_at_is_told_on_another_page(page: Page, site: Site, gates: Gates) -> None:
    key = gates.backtest(site, label="watched")
    page.goto(f"/backtests/{key}")
    gates.open(1000)
    expect(page).to_have_title(re.compile(r"^\d+% · Gated · AlgoTradeForge$"))
    page.get_by_role("link", name="Strategies & data").click()
    expect(page).to_have_title("(1) Strategies & data · AlgoTradeForge")
    toast = page.get_by_role("status", name="Ended runs")
    gates.open(2000)
    expect(toast).to_contain_text("Gated completed")
    expect(toast).to_contain_text("watched, after")
    expect(page).to_have_title("Strategies & data · AlgoTradeForge")
    toast.get_by_role("link").click()
    page.wait_for_url(f"**/backtests/{key}")
    expect(page.get_by_test_id("toast")).to_have_count(0)


def test_an_end_while_no_page_was_open_is_told_by_the_next_one(page: Page, site: Site, gates: Gates) -> None:
    key = gates.backtest(site, label="left alone")
    page.goto(f"/backtests/{key}")
    expect(progress(page)).to_be_visible()
    page.goto("about:blank")
    gates.open(1000)
    gates.open(2000)
    site.ended("backtests", key)
    page.goto("/new")
    expect(page.get_by_test_id("toast")).to_contain_text("left alone")
    page.get_by_role("button", name="Dismiss: Gated completed").click()
    expect(page.get_by_test_id("toast")).to_have_count(0)
    page.reload()
    expect(badge(page)).to_have_text("Live")
    expect(page.get_by_test_id("toast")).to_have_count(0)


def test_the_desktop_is_told_only_when_the_reader_wants_it_and_looks_elsewhere(
    page: Page, site: Site, gates: Gates
) -> None:
    page.add_init_script(DESKTOP)
    key = gates.backtest(site, label="out of sight")
    page.goto(f"/backtests/{key}")
    expect(progress(page)).to_be_visible()
    assert page.evaluate("window.asked") == 0
    page.get_by_role("button", name="Desktop notifications: off").click()
    expect(page.get_by_role("button", name="Desktop notifications: on")).to_be_visible()
    page.evaluate(HIDE)
    gates.open(1000)
    gates.open(2000)
    expect(page.locator("html")).to_have_attribute("data-told", f"Gated completed: {key}")
    page.get_by_role("link", name="Strategies & data").click()
    page.evaluate(SHOW)
    expect(page.get_by_test_id("toast")).to_contain_text("out of sight")


def test_two_tabs_show_the_same_and_the_one_in_sight_tells_for_both(page: Page, site: Site, gates: Gates) -> None:
    key = gates.backtest(site, label="both see it")
    page.goto(f"/backtests/{key}")
    expect(progress(page)).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{site.served.url}/catalogue")
    expect(badge(other)).to_have_text("Live")
    other.evaluate(HIDE)
    gates.open(1000)
    gates.open(2000)
    expect(page.get_by_role("region", name="Key figures")).to_be_visible()
    site.ended("backtests", key)
    other.get_by_role("link", name="Runs").click()
    row = other.locator(f"[data-run='{key}']")
    expect(row).to_have_attribute("data-status", "Completed")
    other.evaluate(SHOW)
    expect(other.get_by_test_id("toast")).to_have_count(0)
