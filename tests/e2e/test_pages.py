"""What holds for every page: the list that moves, colours, phones."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import BETWEEN_THE_GATES, Gates, assert_no_wider_than_its_window, badge, progress, scroll_to
from tests.integration.site import Site


def test_a_run_submitted_elsewhere_appears_in_the_list_and_moves(page: Page, site: Site) -> None:
    page.goto("/")
    expect(badge(page)).to_have_text("Live")
    gates = Gates(site)
    key = gates.backtest(site, label="from elsewhere")
    row = page.locator(f"[data-run='{key}']")
    expect(row).to_contain_text("from elsewhere")
    gates.open(1000)
    expect(row.get_by_role("progressbar")).to_have_attribute("aria-valuenow", BETWEEN_THE_GATES)
    gates.open(2000)
    expect(row).to_have_attribute("data-status", "Completed")
    expect(row).to_contain_text("Net profit")


def test_the_list_is_searched_and_a_run_deleted(page: Page, site: Site) -> None:
    labels = ("the one", "the other")
    for label in labels:
        gates = Gates(site)
        gates.open(1000)
        gates.open(2000)
        site.ended("backtests", gates.backtest(site, label=label))
    page.goto("/")
    page.get_by_role("searchbox", name="Search").fill("the o")
    rows = page.get_by_role("list", name="Runs").get_by_role("listitem")
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Delete the one").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("the other")
    page.get_by_role("combobox", name="Status").select_option("Failed")
    expect(page.get_by_text("No run matches")).to_be_visible()


def test_the_address_keeps_what_narrows_and_orders_the_list(page: Page, site: Site) -> None:
    for cash in (1_000, 2_000):
        site.run("backtests", site.settings(strategyName="BuyAndHold", initialCash=cash, label=f"narrow {cash}"))
    failed = site.settings(strategyName="Boom", strategyParameters={"at": 50}, label="narrow too")
    site.run("backtests", failed, "Failed")
    page.goto("/?q=narrow")
    rows = page.get_by_role("list", name="Runs").get_by_role("listitem")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Strategy").select_option("BuyAndHold")
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="Order").select_option("Oldest first")
    expect(rows.first).to_contain_text("narrow 1000")
    page.reload()
    expect(rows.first).to_contain_text("narrow 1000")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("combobox", name="Strategy")).to_have_value("BuyAndHold")
    rows.first.get_by_role("link").click()
    page.wait_for_url("**/backtests/**")
    page.go_back()
    expect(rows).to_have_count(2)
    page.get_by_label("Submitted to").fill("2020-01-01")
    expect(page.get_by_text("No run matches")).to_be_visible()
    page.get_by_role("button", name="Show all runs").click()
    expect(page.get_by_label("Submitted to")).to_have_value("")
    expect(rows.nth(2)).to_be_visible()


def test_a_long_list_shows_more_when_asked_and_still_does_after_a_reload(page: Page, site: Site) -> None:
    keys = [
        str(site.submit("backtests", site.settings(strategyName="BuyAndHold", initialCash=100 + each))["runKey"])
        for each in range(60)
    ]
    page.goto("/?kind=backtest&strategy=BuyAndHold")
    rows = page.get_by_role("list", name="Runs").get_by_role("listitem")
    expect(rows).to_have_count(50)
    page.get_by_role("button", name="Show more runs").click()
    expect(page.locator(f"[data-run='{keys[0]}']")).to_be_attached()
    page.reload()
    expect(page.locator(f"[data-run='{keys[0]}']")).to_be_attached()
    for key in keys:
        site.ended("backtests", key)


def test_colours_follow_the_system_until_the_reader_chooses(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/")
    body = page.locator("body")
    dark = body.evaluate("node => getComputedStyle(node).backgroundColor")
    page.get_by_role("button", name="Colours: as the system").click()
    expect(body).not_to_have_css("background-color", dark)
    page.reload()
    expect(body).not_to_have_css("background-color", dark)
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Colours: light").click()
    expect(body).to_have_css("background-color", dark)
    expect(page.get_by_role("button", name="Colours: dark")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/new", "/new?kind=optimization", "/catalogue", "/nowhere"])
def test_no_page_is_wider_than_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(path)
    expect(badge(page)).to_have_text("Live")
    expect(page.locator(".skeleton")).to_have_count(0)
    assert_no_wider_than_its_window(page)


def test_no_run_is_wider_than_a_phone_under_way_or_done(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    gates = Gates(site)
    page.goto(f"/backtests/{gates.backtest(site, label='a label that is much longer than a phone is wide ' * 3)}")
    expect(progress(page)).to_be_visible()
    assert_no_wider_than_its_window(page)
    gates.open(1000)
    gates.open(2000)
    for part in ("prices", "trades", "months"):
        scroll_to(page, part)
    expect(page.get_by_role("region", name="Table of trades")).to_be_visible()
    assert_no_wider_than_its_window(page)
    gates.open()
    page.goto(f"/optimizations/{gates.sweep(site)}")
    expect(page.get_by_test_id("failures")).to_be_visible()
    assert_no_wider_than_its_window(page)


def test_no_failure_is_wider_than_a_phone(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    request = site.settings(strategyName="Boom", strategyParameters={"at": 150})
    page.goto(f"/backtests/{site.submit('backtests', request)['runKey']}")
    trace = page.get_by_test_id("stack-trace")
    expect(trace).to_be_visible()
    assert trace.evaluate("node => node.scrollWidth > node.clientWidth")  # it scrolls in its own frame
    assert_no_wider_than_its_window(page)


def test_a_script_that_the_page_did_not_bring_is_refused_and_heard_of(page: Page, complaints: Complaints) -> None:
    page.goto("/")
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: 'let x = 1'}))")
    assert "Content Security Policy" in complaints.unexpected()[0]
    complaints.expect("Content Security Policy")
