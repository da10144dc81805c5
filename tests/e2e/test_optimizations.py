"""What a reader does with an optimization."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import OVER_ALL_BARS, Gates, begin, key_figure, progress, submit, tab_to
from tests.integration.site import Site

ROWS_OF_A_PAGE = 25


@pytest.fixture(scope="module")
def done(site: Site) -> str:
    """The RunKey of a sweep of 61 trials that has ended."""
    gates = Gates(site)
    gates.open()
    key = gates.sweep(site)
    site.ended("optimizations", key)
    return key


def column(page: Page, name: str) -> list[float]:
    """The numbers of a column of the table of trials, from the top."""
    table = page.get_by_role("region", name="Table of trials")
    heads = [head.strip() for head in table.get_by_role("columnheader").all_inner_texts()]
    cells = table.locator(f"tbody tr[data-status=Completed] td:nth-child({heads.index(name) + 1})")
    return [float(re.sub(r"[^\d.-]", "", text.replace("−", "-"))) for text in cells.all_inner_texts()]


def test_counts_and_the_best_are_live_and_then_all_trials_are_there(page: Page, site: Site) -> None:
    gates = Gates(site)
    page.goto(f"/optimizations/{gates.sweep(site)}")
    expect(page.get_by_test_id("progress-line")).to_contain_text("Processed 60 / 61 Combinations")
    expect(progress(page)).to_have_attribute("aria-valuenow", "98")
    live = page.get_by_role("region", name="Progress")
    expect(live).to_contain_text("Last error: ValueError: a multiple of five")
    expect(live.locator("dt", has_text="Failed").locator("xpath=..")).to_contain_text("12")
    expect(page.get_by_test_id("leaders").get_by_role("row")).to_have_count(11)
    gates.open()
    expect(page.get_by_test_id("best")).to_contain_text("Net profit")
    expect(page.get_by_test_id("counts")).to_contain_text("61 combinations: 49 completed, 12 failed")
    expect(page.get_by_role("navigation", name="Pages of trials")).to_contain_text("1 – 25 of 61 trials")


def test_trials_are_sorted_and_paged(page: Page, done: str) -> None:
    page.goto(f"/optimizations/{done}")
    table = page.get_by_role("region", name="Table of trials")
    expect(table.get_by_role("columnheader", name="Net profit")).to_have_attribute("aria-sort", "descending")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(ROWS_OF_A_PAGE)
    best = column(page, "Net profit")
    assert best == sorted(best, reverse=True)
    pages = page.get_by_role("navigation", name="Pages of trials")
    first = rows.first.get_attribute("data-trial") or ""
    pages.get_by_role("button", name="Next").click()
    expect(rows.first).not_to_have_attribute("data-trial", first)
    expect(pages).to_contain_text("26 – 50 of 61 trials")
    assert column(page, "Net profit")[0] <= best[-1]
    table.get_by_role("button", name="Number", exact=True).click()
    expect(pages).to_contain_text("1 – 25 of 61 trials")
    expect(table.get_by_role("columnheader", name="Number")).to_have_attribute("aria-sort", "descending")
    expect(rows.first).to_contain_text("101")
    table.get_by_role("button", name="Number", exact=True).click()
    expect(rows.first.locator("td").nth(1)).to_have_text("1")


def test_failed_trials_are_told_with_reason_and_stack_trace(page: Page, done: str) -> None:
    page.goto(f"/optimizations/{done}")
    expect(page.get_by_test_id("failures")).to_contain_text(re.compile(r"12 ×\s*.*a multiple of five"))
    page.get_by_role("button", name="Show the failed trials").click()
    expect(page.get_by_role("navigation", name="Pages of trials")).to_contain_text("1 – 12 of 12 trials")
    page.get_by_role("button", name=re.compile("^Why trial")).first.click()
    expect(page.get_by_test_id("trial-trace")).to_contain_text("ValueError")
    expect(page.get_by_test_id("trial-trace")).to_contain_text("picky.py")


def test_a_reason_unfolds_the_stack_trace_of_one_trial(page: Page, done: str) -> None:
    page.goto(f"/optimizations/{done}")
    page.get_by_test_id("failures").get_by_text("a multiple of five").click()
    expect(page.get_by_test_id("failure-trace")).to_contain_text("picky.py")


def test_the_heat_map_fills_in_and_the_best_value_grows_as_trials_land(page: Page, site: Site) -> None:
    gates = Gates(site)
    page.goto(f"/optimizations/{gates.sweep(site)}")
    heat_map = page.get_by_test_id("heat-map")
    expect(heat_map).to_have_attribute("data-trials", re.compile("^([1-5]?[0-9]|60)$"))  # those whose chunk has ended
    expect(page.get_by_test_id("best-curve")).to_contain_text("Best so far: Net profit")
    gates.open()
    expect(heat_map).to_have_attribute("data-trials", "61")
    expect(page.get_by_test_id("distribution")).to_contain_text("of 49 trials")


def test_a_sweep_is_followed_from_its_form_to_the_heat_map_and_a_cell_to_its_backtest(page: Page) -> None:
    begin(page, f"kind=optimization&strategy=SmaCrossover&{OVER_ALL_BARS}")
    for name, text in (
        ("Fast period: min", "3"),
        ("Fast period: max", "7"),
        ("Slow period: min", "20"),
        ("Slow period: max", "40"),
        ("Slow period: step", "5"),
    ):
        page.get_by_label(name).fill(text)
    expect(page.get_by_test_id("combinations")).to_have_text("25")
    submit(page, "optimization")
    heat_map = page.get_by_test_id("heat-map")
    expect(heat_map).to_have_attribute("data-trials", "25")
    tab_to(page, heat_map)
    for key in ("Home", "PageDown", "ArrowRight", "ArrowUp", "Enter"):
        page.keyboard.press(key)
    cell = page.get_by_test_id("cell")
    expect(cell).to_contain_text("Fast period 4")
    expect(cell).to_contain_text("Slow period 25")
    told = cell.locator("strong").last.inner_text()
    cell.get_by_role("link", name="Backtest this cell").click()
    expect(page.get_by_label("Fast period")).to_have_value("4")
    expect(page.get_by_label("Slow period")).to_have_value("25")
    submit(page)
    expect(key_figure(page, "Net profit")).to_contain_text(told)


def test_another_metric_and_other_axes_of_the_heat_map_are_asked_for(page: Page, done: str) -> None:
    page.goto(f"/optimizations/{done}")
    panel = page.get_by_role("region", name="Heat map")
    expect(panel.get_by_test_id("distribution")).to_contain_text("Net profit")
    panel.get_by_label("Metric").select_option("Win rate")
    expect(panel.get_by_test_id("distribution")).to_contain_text("Win rate of 49 trials")
    panel.get_by_label("Across").select_option("Gate")
    expect(panel.get_by_label("Upwards")).to_have_value("number")
    expect(panel.get_by_test_id("heat-map")).to_have_attribute("data-trials", "61")


def test_what_is_wrong_with_a_condition_stands_at_its_row(page: Page, complaints: Complaints) -> None:
    complaints.expect("400")
    begin(page, f"kind=optimization&strategy=SmaCrossover&{OVER_ALL_BARS}")
    page.get_by_role("button", name="Add a condition").click()
    row = page.get_by_role("textbox", name="Condition 1")
    row.fill("neverHeardOf < slowPeriod")
    expect(page.locator(".conditions [role=alert]")).to_be_visible()
    row.fill("")
    expect(page.get_by_test_id("combinations")).to_be_visible()


def interpret(page: Page) -> None:
    """Has the form's run interpreted: it has no control for that, and lets what it has none for travel along."""
    page.get_by_text("As JSON").click()
    box = page.get_by_label("Request as JSON")
    box.fill(json.dumps(json.loads(box.input_value()) | {"compile": "off"}))
    page.get_by_role("button", name="Take it into the form").click()
    expect(page.get_by_test_id("combinations")).to_have_text(re.compile(r"\d,\d{3}"))


def test_the_form_is_read_and_written_as_json(page: Page) -> None:
    begin(page, f"kind=optimization&strategy=SmaCrossover&{OVER_ALL_BARS}")
    page.get_by_text("As JSON").click()
    box = page.get_by_label("Request as JSON")
    request = json.loads(box.input_value())
    request["axes"] = {"fastPeriod": {"values": [3, 4]}, "slowPeriod": {"min": 20, "max": 30, "step": 5}}
    box.fill(json.dumps(request))
    page.get_by_role("button", name="Take it into the form").click()
    expect(page.get_by_label("Fast period: values")).to_have_value("3, 4")
    expect(page.get_by_label("Slow period: max")).to_have_value("30")
    expect(page.get_by_test_id("combinations")).to_have_text("6")


def test_the_trials_are_saved_as_csv(page: Page, done: str, tmp_path: Path) -> None:
    page.goto(f"/optimizations/{done}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "trials.csv")
    assert download.value.suggested_filename == f"{done}.csv"
    assert len((tmp_path / "trials.csv").read_text().splitlines()) == 62


def test_a_sweep_is_submitted_from_the_form_and_cancelled_on_its_page(page: Page) -> None:
    begin(page, f"kind=optimization&strategy=SmaCrossover&{OVER_ALL_BARS}")
    for name, text in (("Fast period: step", "1"), ("Slow period: step", "1"), ("Slow period: max", "900")):
        page.get_by_label(name).fill(text)
    expect(page.get_by_test_id("combinations")).to_have_text(re.compile(r"\d,\d{3}"))
    interpret(page)  # machine code would be done before the click
    submit(page, "optimization")
    expect(page.get_by_test_id("leaders")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("This optimization was cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_be_enabled()


def test_the_best_trial_becomes_a_backtest(page: Page, site: Site, done: str) -> None:
    best = site.status("optimizations", done)["result"]["best"]
    page.goto(f"/optimizations/{done}")
    page.get_by_test_id("best").get_by_role("link", name="Backtest it").click()
    expect(page.get_by_label("Number", exact=True)).to_have_value(str(best["parameters"]["number"]))
    submit(page)
    profit = key_figure(page, "Net profit")
    expect(profit).to_contain_text(f"{abs(best['value']):,.2f}")


def test_a_sweep_done_again_is_followed_through_its_second_attempt(page: Page, site: Site) -> None:
    gates = Gates(site)
    gates.open()
    key = gates.sweep(site)
    site.ended("optimizations", key)
    page.goto(f"/optimizations/{key}")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator("dt", has_text="Attempt").locator("+ dd")).to_have_text("2")
    expect(page.get_by_test_id("counts")).to_contain_text("61 combinations")
