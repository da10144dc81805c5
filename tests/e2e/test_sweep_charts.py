"""The charts of an optimization's page beside the heat map, and what a reader does with them."""

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.dashboard import assert_no_wider_than_its_window, key_figure, submit, tab_to
from tests.integration.site import Site

AXES: Final[dict[str, Any]] = {"fastPeriod": {"min": 2, "max": 6}, "slowPeriod": {"min": 10, "max": 40, "step": 10}}


@pytest.fixture(scope="module")
def swept(site: Site) -> str:
    """The RunKey of a sweep of twenty trials."""
    request = site.settings(strategyName="SmaCrossover", axes=AXES, sortBy="netProfit")
    return str(site.run("optimizations", request)["runKey"])


def test_a_range_on_an_axis_picks_trials_out_and_leads_to_a_backtest(page: Page, swept: str) -> None:
    page.goto(f"/optimizations/{swept}")
    lines = page.get_by_test_id("parallel")
    expect(lines).to_have_attribute("data-lines", "20")
    tab_to(page, page.get_by_role("slider", name="Fast period, from"))
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(lines).to_have_attribute("data-chosen", "8")
    expect(page.get_by_test_id("parallel-words")).to_contain_text("8 of the lines (40.0%) lie in the ranges")
    table = page.get_by_role("region", name="The best of the trials in the ranges")
    told = table.locator("tbody tr").first.locator("td").nth(3).inner_text()
    table.get_by_role("link", name="Backtest").first.click()
    page.wait_for_url("**/new?**")
    expect(page.get_by_test_id("verdict")).to_be_visible()
    expect(page.get_by_label("Fast period")).to_have_value(re.compile("^[56]$"))
    submit(page)
    expect(key_figure(page, "Net profit")).to_contain_text(told)


def test_a_range_is_drawn_with_the_pointer_and_taken_away_by_a_click(page: Page, swept: str) -> None:
    page.goto(f"/optimizations/{swept}")
    axis = page.get_by_test_id("axis-slowPeriod")
    axis.scroll_into_view_if_needed()
    box = axis.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 0.1 * box["height"])
    page.mouse.down()
    page.mouse.move(middle, box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.up()
    lines = page.get_by_test_id("parallel")
    expect(lines).to_have_attribute("data-chosen", "5")  # of the slow period 30 alone
    page.mouse.click(middle, box["y"] + 0.8 * box["height"])
    expect(lines).to_have_attribute("data-chosen", "20")


def test_the_heat_map_tells_how_good_the_neighbours_are(page: Page, swept: str) -> None:
    page.goto(f"/optimizations/{swept}")
    around = page.get_by_test_id("around")
    expect(around).to_contain_text(re.compile(r"^Around the best: \d cells from .* the median "))
    tab_to(page, page.get_by_test_id("heat-map"))
    for key in ("Home", "PageDown", "Enter"):
        page.keyboard.press(key)
    expect(around).to_contain_text("Around it: 3 cells")


def test_the_distribution_of_any_metric_is_read_with_the_keys(page: Page, swept: str) -> None:
    page.goto(f"/optimizations/{swept}")
    panel = page.get_by_test_id("spread")
    expect(panel).to_contain_text("20 trials")
    panel.get_by_label("Metric").select_option("Trades")
    expect(panel.get_by_test_id("histogram")).to_be_visible()
    tab_to(page, panel.get_by_test_id("histogram"))
    page.keyboard.press("Home")
    expect(panel.get_by_role("status")).to_contain_text(re.compile(r"\d+ trials?, \d+\.\d%"))


def test_the_front_of_two_objectives_is_drawn_and_listed(page: Page, site: Site) -> None:
    objectives = [{"metric": "netProfit", "direction": "max"}, {"metric": "maxDrawdownPct", "direction": "max"}]
    search = {"method": "nsga2", "budget": 40, "objectives": objectives}
    axes = AXES | {"quantity": {"min": 1, "max": 9, "step": 1}}
    done = site.run("optimizations", site.settings(strategyName="SmaCrossover", axes=axes, **search))
    page.goto(f"/optimizations/{done['runKey']}")
    panel = page.get_by_test_id("front")
    front = len(done["result"]["paretoFront"])
    expect(panel).to_contain_text(f"{front} of 40 trials are beaten by no other in all objectives")
    expect(panel.locator("tbody tr")).to_have_count(min(front, 10))


def test_a_trial_of_a_walk_forward_is_run_over_its_window(page: Page, site: Site) -> None:
    walk = {"windows": 3, "outOfSamplePct": 25, "objective": "netProfit"}
    request = site.settings(
        strategyName="SmaCrossover", axes=AXES, method="walkForward", walkForward=walk, sortBy="netProfit"
    )
    done = site.run("optimizations", request)
    best = done["result"]["trials"][0]
    window = done["result"]["walkForward"]["windows"][best["index"] // 20]
    page.goto(f"/optimizations/{done['runKey']}")
    expect(page.get_by_test_id("walk-bars").locator(".walk-window")).to_have_count(3)
    table = page.get_by_role("region", name="Table of trials")
    expect(table.locator("tbody tr").first.locator("td").nth(1)).to_have_text(str(best["index"] // 20 + 1))
    page.get_by_test_id("best").get_by_role("link", name="Backtest it").click()
    expect(page.get_by_label("First bar (UTC)")).to_have_value(re.compile(f"^{window['inSampleStart'][:16]}"))
    submit(page)
    figure = key_figure(page, "Net profit")
    expect(figure).to_contain_text(f"{abs(best['metrics']['netProfit']):,.2f}")


def test_what_was_chosen_stands_in_the_address_and_is_there_again(page: Page, swept: str) -> None:
    page.goto(f"/optimizations/{swept}")
    heat_map = page.get_by_role("region", name="Heat map", exact=True)
    heat_map.get_by_role("combobox", name="Across").select_option("Slow period")
    heat_map.get_by_role("combobox", name="Metric").select_option("Win rate")
    page.get_by_test_id("spread").get_by_label("Metric").select_option("Trades")
    table = page.get_by_role("region", name="Table of trials")
    table.get_by_role("button", name="Fast period", exact=True).click()
    expect(page).to_have_url(
        re.compile(r"\?(?=.*x=slowPeriod)(?=.*metric=winRatePct)(?=.*spread=totalTrades)(?=.*sort=)")
    )
    page.reload()
    expect(heat_map.get_by_role("combobox", name="Across")).to_have_value("slowPeriod")
    expect(heat_map.get_by_role("combobox", name="Upwards")).to_have_value("fastPeriod")
    expect(heat_map.get_by_role("combobox", name="Metric")).to_have_value("winRatePct")
    expect(page.get_by_test_id("spread").get_by_label("Metric")).to_have_value("totalTrades")
    expect(table.get_by_role("columnheader", name="Fast period")).to_have_attribute("aria-sort", "descending")


def test_the_charts_fit_a_narrow_screen(page: Page, swept: str) -> None:
    page.set_viewport_size({"width": 375, "height": 760})
    page.goto(f"/optimizations/{swept}")
    expect(page.get_by_test_id("parallel")).to_be_visible()
    expect(page.get_by_test_id("histogram")).to_be_visible()
    assert_no_wider_than_its_window(page)
