"""The dashboard without a mouse."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.dashboard import Gates, badge, key_figures, tab_to
from tests.integration.site import Site


def test_from_the_overview_to_the_report_of_a_new_run_by_keys_alone(page: Page, site: Site) -> None:
    page.goto("/")
    expect(badge(page)).to_have_text("Live")
    page.keyboard.press("n")
    page.wait_for_url("**/new")
    expect(page.get_by_test_id("verdict")).to_contain_text(re.compile("bars|combination"))
    chosen = page.get_by_role("radiogroup", name="Strategy").get_by_role("radio", checked=True)
    tab_to(page, chosen)
    for _ in range(20):
        if chosen.get_attribute("value") == "BuyAndHold":
            break
        page.keyboard.press("ArrowDown")
    start = page.get_by_role("button", name="Start backtest")
    tab_to(page, start)
    assert start.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"  # the ring of the focus is seen
    expect(start).to_be_enabled()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/backtests/BuyAndHold"))
    expect(key_figures(page)).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_role("list", name="Runs").get_by_role("listitem").first).to_contain_text("BuyAndHold")


def test_keys_search_show_themselves_and_can_be_turned_off(page: Page) -> None:
    page.goto("/catalogue")
    expect(badge(page)).to_have_text("Live")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search")
    expect(search).to_be_focused()
    page.keyboard.type("n/?")
    expect(search).to_have_value("n/?")
    page.keyboard.press("Escape")
    search.blur()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("New run")
    tab_to(page, dialog.get_by_role("checkbox", name="Single keys act"))
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()


def test_what_a_row_offers_is_reached_and_done_by_keys(page: Page, site: Site) -> None:
    gates = Gates(site)
    key = gates.backtest(site, label="by keys")
    page.goto("/?q=by+keys")
    row = page.locator(f"[data-run='{key}']")
    tab_to(page, row.get_by_role("button", name="Cancel by keys"))
    page.keyboard.press("Enter")
    gates.open(1000)
    expect(row).to_have_attribute("data-status", "Cancelled")
    tab_to(page, row.get_by_role("button", name="Run by keys again"))
    gates.open(2000)
    page.keyboard.press("Enter")
    expect(row).to_have_attribute("data-status", "Completed")
    tab_to(page, row.get_by_role("checkbox", name="Pick by keys to compare"))
    page.keyboard.press("Space")
    expect(page.get_by_text("1 run is picked")).to_be_visible()
    tab_to(page, row.get_by_role("button", name="Delete by keys"))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
