"""What a reader does with the dashboard."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.integration.serving import Served

BADGE = "connection"


def begin(page: Page, query: str) -> None:
    """Opens the form of a new run and waits until the server has judged it."""
    page.goto(f"/new?{query}")
    expect(page.get_by_test_id("verdict")).to_contain_text(re.compile("bars|combination"))


def submit(page: Page, kind: str = "backtest") -> None:
    """Starts the run and waits for its page."""
    page.get_by_role("button", name=f"Start {kind}").click()
    page.wait_for_url(re.compile(f"/{kind}s/"))


def test_a_backtest_goes_from_form_to_report(page: Page) -> None:
    begin(page, "strategy=SmaCrossover&asset=AAPL&exchange=NASDAQ&timeFrame=1d")
    page.get_by_label("Fast period").fill("17")
    expect(page.get_by_role("button", name="Start backtest")).to_be_enabled()
    page.get_by_label("Fast period").press("Enter")
    page.wait_for_url(re.compile("/backtests/SmaCrossover_1.0.0_20190102-20241230_[0-9a-f]{24}$"))
    expect(page.get_by_role("region", name="Key figures")).to_contain_text("Net profit")
    expect(page.get_by_role("img", name="Equity and drawdown of SmaCrossover")).to_be_visible()
    expect(page.get_by_role("region", name="Table of trades").get_by_role("row").nth(1)).to_be_visible()


def test_two_pages_follow_the_same_run_and_both_see_it_cancelled(page: Page) -> None:
    begin(page, "kind=optimization&strategy=SmaCrossover&asset=SYNTHETIC&exchange=DEMO&timeFrame=1m")
    page.get_by_label("Slow period: max").fill("900")
    page.get_by_label("Label").fill("two pages")
    submit(page, "optimization")
    second = page.context.new_page()
    second.goto(page.url)
    for each in (page, second):
        expect(each.get_by_test_id("progress-line")).to_contain_text(
            re.compile(r"Processed [\d,]+ / [\d,]+ Combinations")
        )
        expect(each.get_by_text("Synthetic data")).to_be_visible()
    second.get_by_role("button", name="Cancel").click()
    for each in (page, second):
        expect(each.get_by_text("This optimization was cancelled.")).to_be_visible()


def test_a_failed_backtest_shows_message_and_stack_trace_and_runs_again(page: Page) -> None:
    begin(page, "strategy=Boom&asset=AAPL&exchange=NASDAQ&timeFrame=1d")
    submit(page)
    expect(page.get_by_test_id("error-message")).to_contain_text("boom at 100")
    expect(page.get_by_test_id("stack-trace")).to_contain_text("boom.py")
    page.get_by_role("link", name="Change and run").click()
    page.get_by_label("Fails").select_option("No")
    submit(page)
    expect(page.get_by_role("region", name="Key figures")).to_be_visible()


def test_the_trials_of_a_sweep_are_sorted_and_their_failures_told(page: Page) -> None:
    begin(page, "kind=optimization&strategy=Boom&asset=AAPL&exchange=NASDAQ&timeFrame=1d")
    page.locator("[data-axis=fails]").get_by_label("List").check()
    expect(page.get_by_test_id("combinations")).to_have_text(re.compile(r"^\d+$"))
    submit(page, "optimization")
    expect(page.get_by_test_id("counts")).to_contain_text("failed")
    expect(page.get_by_test_id("failures")).to_contain_text("boom at")
    page.get_by_role("button", name="At", exact=True).click()
    expect(page.get_by_role("columnheader", name="At", exact=True)).to_have_attribute("aria-sort", "descending")
    page.get_by_role("button", name="Show the failed trials").click()
    page.get_by_role("button", name=re.compile("^Why trial")).first.click()
    expect(page.get_by_test_id("trial-trace")).to_contain_text("RuntimeError")


def test_what_the_server_refuses_stands_at_its_field(page: Page, complaints: list[str]) -> None:
    begin(page, "strategy=SmaCrossover")
    page.get_by_label("Fast period").fill("9999")
    expect(page.locator(".field", has=page.get_by_label("Fast period"))).to_contain_text("200")
    expect(page.get_by_label("Fast period")).to_have_attribute("aria-invalid", "true")
    assert all("400" in told for told in complaints)  # the browser tells of every refused request
    complaints.clear()


def test_a_frozen_server_is_told_within_three_seconds_and_its_return_too(
    page: Page, served: Served, complaints: list[str]
) -> None:
    page.goto("/")
    badge = page.get_by_test_id(BADGE)
    expect(badge).to_have_text("Live")
    os.kill(served.process.pid, signal.SIGSTOP)
    try:
        expect(badge).not_to_have_text("Live", timeout=3_500)
        expect(badge).to_have_text("Offline")
    finally:
        os.kill(served.process.pid, signal.SIGCONT)
    expect(badge).to_have_text("Live")
    complaints.clear()  # requests that were given up


def test_without_a_socket_the_page_polls_and_goes_live_when_it_can(page: Page, complaints: list[str]) -> None:
    blocked = True

    def connect(socket: WebSocketRoute) -> None:
        if blocked:
            socket.close()
        else:
            socket.connect_to_server()

    page.route_web_socket("**/ws", connect)
    begin(page, "kind=optimization&strategy=SmaCrossover&asset=SYNTHETIC&exchange=DEMO&timeFrame=1m")
    expect(page.get_by_test_id(BADGE)).to_have_text("Polling")
    submit(page, "optimization")
    expect(page.get_by_test_id("progress-line")).to_contain_text("Processed")
    blocked = False
    expect(page.get_by_test_id(BADGE)).to_have_text("Live")
    expect(page.get_by_test_id("leaders")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("This optimization was cancelled.")).to_be_visible()
    complaints.clear()  # sockets that were closed


def test_a_run_done_again_is_followed_through_its_second_attempt(page: Page) -> None:
    begin(page, "kind=optimization&strategy=SmaCrossover&asset=AAPL&exchange=NASDAQ&timeFrame=1d")
    submit(page, "optimization")
    expect(page.get_by_test_id("counts")).to_be_visible()
    page.get_by_role("button", name="Run again").click()
    attempt = page.locator("dt", has_text="Attempt").locator("+ dd")
    expect(attempt).to_have_text("2")
    expect(page.get_by_role("region", name="Table of trials").get_by_role("row").nth(1)).to_be_visible()


def test_a_strategy_file_is_found_and_a_broken_one_explained(page: Page, served: Served) -> None:
    page.goto("/catalogue")
    expect(page.get_by_test_id("broken-files")).to_contain_text("broken.py, line 3")
    (served.home / "strategies" / "late.py").write_text(
        "from server.strategies import Bar, Strategy\n\n\nclass Late(Strategy):\n"
        '    """Came late."""\n\n    version = "1.0.0"\n\n'
        "    def init(self) -> None:\n        pass\n\n    def on_bar(self, bar: Bar) -> None:\n        pass\n"
    )
    expect(page.get_by_text("Came late.")).to_be_visible()


def test_bad_rows_are_named_and_a_good_file_becomes_a_data_set(
    page: Page, tmp_path: Path, complaints: list[str]
) -> None:
    header = "time,open,high,low,close,volume\n"
    file = tmp_path / "gold_1d.csv"
    file.write_text(header + "2024-01-01,1.1,0.9,1.0,1.1,5\n")
    page.goto("/catalogue")
    page.get_by_label("CSV file").set_input_files(file)
    expect(page.get_by_label("Asset", exact=True)).to_have_value("GOLD")
    page.get_by_label("Exchange").fill("TEST")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_test_id("bad-rows")).to_contain_text("line 2")
    complaints.clear()
    file.write_text(header + "".join(f"2024-01-{day:02d},1.1,1.2,1.0,1.1,5\n" for day in range(1, 29)))
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("GOLD · TEST · 1d is in the catalogue.")).to_be_visible()
    page.get_by_role("button", name="Delete GOLD · TEST · 1d").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Delete GOLD · TEST · 1d")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/new", "/new?kind=optimization", "/catalogue", "/nowhere"])
def test_no_page_is_wider_than_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(path)
    expect(page.get_by_test_id(BADGE)).to_have_text("Live")
    expect(page.locator(".skeleton")).to_have_count(0)
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scroll, client = page.evaluate(widths)
    assert scroll <= client
