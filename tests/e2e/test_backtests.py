"""What a reader does with a backtest."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import (
    BEFORE_THE_FIRST_GATE,
    BETWEEN_THE_GATES,
    OVER_ALL_BARS,
    Gates,
    badge,
    begin,
    key_figures,
    progress,
    scroll_to,
    submit,
    tab_to,
)
from tests.integration.site import Site


def test_a_run_goes_from_form_to_report_without_a_reload(page: Page, site: Site) -> None:
    gates = Gates(site)
    loads: list[Page] = []
    page.on("domcontentloaded", lambda loaded: loads.append(loaded))
    begin(page, f"strategy=Gated&{OVER_ALL_BARS}")
    page.get_by_label("Gate", exact=True).fill(str(gates.number))
    page.get_by_label("Gate", exact=True).press("Enter")
    page.wait_for_url(re.compile("/backtests/Gated_1.0.0_20240101-20240504_[0-9a-f]{24}$"))
    expect(progress(page)).to_have_attribute("aria-valuenow", BEFORE_THE_FIRST_GATE)
    expect(page.get_by_test_id("progress-line")).to_contain_text("/ 3,000 Bars")
    gates.open(1000)
    expect(progress(page)).to_have_attribute("aria-valuenow", BETWEEN_THE_GATES)
    expect(page.get_by_test_id("progress-line")).to_contain_text(re.compile(r"Processed [12],\d{3} / 3,000 Bars"))
    expect(page.get_by_role("region", name="Progress")).to_contain_text("Equity so far")
    gates.open(2000)
    expect(key_figures(page)).to_contain_text("Net profit")
    expect(page.get_by_role("application", name="Equity and drawdown of Gated")).to_be_visible()
    scroll_to(page, "trades")
    expect(page.get_by_role("region", name="Table of trades").get_by_role("row")).to_have_count(26)
    assert loads == [page]


def test_trades_are_paged(page: Page, site: Site) -> None:
    gates = Gates(site)
    for bar in (1000, 2000):
        gates.open(bar)
    key = gates.backtest(site)
    site.ended("backtests", key)
    page.goto(f"/backtests/{key}")
    scroll_to(page, "trades")
    pages = page.get_by_role("navigation", name="Pages of trades")
    expect(pages).to_contain_text("1 – 25 of 60 trades")
    pages.get_by_role("button", name="Next").click()
    pages.get_by_role("button", name="Next").click()
    expect(pages).to_contain_text("51 – 60 of 60 trades")
    expect(pages.get_by_role("button", name="Next")).to_be_disabled()
    pages.get_by_role("button", name="Previous").click()
    expect(pages).to_contain_text("26 – 50 of 60 trades")


def test_what_the_server_refuses_stands_at_its_field(page: Page, complaints: Complaints) -> None:
    complaints.expect("400")  # the browser tells of every refused request
    begin(page, f"strategy=SmaCrossover&{OVER_ALL_BARS}")
    field = page.locator(".field", has=page.get_by_label("Fast period"))
    page.get_by_label("Fast period").fill("9999")
    expect(field).to_contain_text("200")
    expect(page.get_by_label("Fast period")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Fast period").press("Enter")
    expect(page.get_by_label("Fast period")).to_be_focused()
    assert page.url.endswith(OVER_ALL_BARS)
    page.get_by_label("Fast period").fill("11")
    expect(page.get_by_label("Fast period")).not_to_have_attribute("aria-invalid", "true")
    submit(page)
    expect(key_figures(page)).to_be_visible()


def test_a_failed_run_shows_message_and_stack_trace_and_runs_again_changed(page: Page) -> None:
    begin(page, f"strategy=Boom&{OVER_ALL_BARS}")
    submit(page)
    expect(page.get_by_test_id("error-message")).to_contain_text("boom at 100")
    expect(page.get_by_test_id("stack-trace")).to_contain_text("boom.py")
    page.get_by_role("link", name="Change and run").click()
    page.get_by_label("Fails").select_option("No")
    submit(page)
    expect(key_figures(page)).to_be_visible()


def test_a_run_that_does_not_move_for_long_says_so(page: Page, site: Site) -> None:
    gates = Gates(site)
    page.goto(f"/backtests/{gates.backtest(site)}")
    expect(page.get_by_test_id("silence")).to_contain_text("has shown no progress for")
    for bar in (1000, 2000):
        gates.open(bar)
    expect(key_figures(page)).to_be_visible()


def test_a_cancelled_run_says_so_and_can_be_run_again(page: Page, site: Site) -> None:
    gates = Gates(site)
    page.goto(f"/backtests/{gates.backtest(site)}")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("This run was cancelled.")).to_be_visible()
    for bar in (1000, 2000):
        gates.open(bar)
    page.get_by_role("button", name="Run again").click()
    expect(key_figures(page)).to_be_visible()
    expect(page.locator("dt", has_text="Attempt").locator("+ dd")).to_have_text("2")


def test_the_keyboard_alone_submits_a_run(page: Page) -> None:
    page.goto("/")
    expect(badge(page)).to_have_text("Live")
    tab_to(page, page.get_by_role("navigation", name="Pages").get_by_role("link", name="New run"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    chosen = page.get_by_role("radiogroup", name="Strategy").get_by_role("radio", checked=True)
    tab_to(page, chosen)
    for _ in range(20):
        if chosen.get_attribute("value") == "SmaCrossover":
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_label("Fast period"))
    page.keyboard.press("Control+A")
    page.keyboard.type("13")
    tab_to(page, page.get_by_role("button", name="Start backtest"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/backtests/SmaCrossover"))
    expect(key_figures(page)).to_be_visible()
    expect(page.locator("dt", has_text="Fast period").locator("+ dd")).to_have_text("13")
