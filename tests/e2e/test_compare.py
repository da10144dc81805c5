"""Backtests side by side."""

from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import Gates, assert_no_wider_than_its_window, tab_to
from tests.integration.site import Site


def finished(site: Site, label: str, **changes: object) -> str:
    """The key of a run that has completed."""
    gates = Gates(site)
    gates.open(1000)
    gates.open(2000)
    return str(site.ended("backtests", gates.backtest(site, label=label, **changes))["runKey"])


def test_runs_are_picked_in_the_list_and_compared(page: Page, site: Site) -> None:
    finished(site, "picked cheap")
    finished(site, "picked dear", commissionPerTrade=0.01)
    page.goto("/?q=picked")
    page.get_by_role("checkbox", name="Pick picked cheap to compare").check()
    expect(page.get_by_role("link", name="Compare")).to_have_count(0)
    page.get_by_role("checkbox", name="Pick picked dear to compare").check()
    page.get_by_role("link", name="Compare").click()
    chart = page.get_by_role("application", name="Equity of A, Gated; B, Gated")
    expect(chart).to_have_attribute("data-lines", "2")
    expect(page.get_by_role("row", name="Net profit").get_by_role("cell").first).to_contain_text("best")
    commission = page.get_by_test_id("settings").get_by_role("row", name="Commission")
    expect(commission).to_have_class("differs")
    expect(commission).to_contain_text("1.000% of notional")
    expect(page).to_have_title("Compare 2 runs · AlgoTradeForge")


def test_the_address_alone_shows_the_same_and_keeps_the_scale(page: Page, site: Site) -> None:
    keys = [finished(site, "alone"), finished(site, "alone too", initialCash=50_000)]
    page.goto(f"/compare?runs={','.join(keys)}")
    expect(page.get_by_text("They began with different amounts of cash", exact=False)).to_be_visible()
    readings = page.get_by_test_id("readings")
    expect(readings).to_contain_text("%")
    page.get_by_role("radio", name="Money").check(force=True)
    expect(readings).not_to_contain_text("%")
    page.reload()
    expect(page.get_by_role("radio", name="Money")).to_be_checked()
    expect(readings).to_contain_text("at the end")
    tab_to(page, page.get_by_role("application", name="Equity of A, Gated; B, Gated"))
    page.keyboard.press("Home")
    expect(readings).to_contain_text("A 10,000.00B 50,000.00Jan 01, 2024, 00:00 UTC")
    page.set_viewport_size({"width": 380, "height": 800})
    expect(page.get_by_role("application", name="Equity of A, Gated; B, Gated")).to_be_visible()
    assert_no_wider_than_its_window(page)


def test_what_cannot_be_compared_is_named_with_the_reason_and_joins_when_it_can(
    page: Page, site: Site, complaints: Complaints
) -> None:
    complaints.expect("404")  # the browser tells of every answer that is none
    gates, search = Gates(site), Gates(site)
    keys = [finished(site, "done"), gates.backtest(site), search.sweep(site), "Nobody_1.0.0_20240101-20240201_0"]
    page.goto(f"/compare?runs={','.join(keys)}")
    problems = page.get_by_test_id("problems")
    for reason in ("still under way", "It is an optimization", "There is no run of this key"):
        expect(problems).to_contain_text(reason)
    gates.open(1000)
    gates.open(2000)
    expect(page.get_by_role("application", name="Equity of A, Gated; B, Gated")).to_be_visible()
    expect(problems).not_to_contain_text("still under way")
    search.open()
    page.get_by_role("button", name="Take B out").click()
    expect(page.get_by_role("list", name="Runs compared").get_by_role("listitem")).to_have_count(1)
    page.goto("/compare")
    expect(page.get_by_text("Choose two to six backtests")).to_be_visible()
