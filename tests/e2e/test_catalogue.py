"""What a reader does with strategies and data sets."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.complaints import Complaints
from tests.e2e.dashboard import dashboard, key_figures, submit
from tests.integration.site import Site

HEADER = "time,open,high,low,close,volume\n"
LATE = '''
from server.strategies import Bar, Strategy


class Late(Strategy):
    """Came late."""

    version = "1.0.0"

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        pass
'''


def test_a_strategy_file_is_found_at_once_and_a_broken_one_explained(page: Page, site: Site) -> None:
    page.goto("/catalogue")
    expect(page.get_by_test_id("broken-files")).to_contain_text("broken.py, line 3")
    expect(page.get_by_test_id("broken-files")).to_contain_text("SyntaxError")
    (site.served.home / "strategies" / "late.py").write_text(LATE)
    expect(page.get_by_text("Came late.")).to_be_visible()


def test_bad_rows_are_named_by_line_and_the_mended_file_becomes_a_data_set(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expect("400")
    file = tmp_path / "gold_1d.csv"
    file.write_text(HEADER + "2024-01-01,1.1,1.2,1.0,1.1,5\n2024-01-02,1.1,0.9,1.0,1.1,5\n2024-01-03,x,1,1,1,5\n")
    page.goto("/catalogue")
    page.get_by_label("File of data").set_input_files(file)
    expect(page.get_by_label("Asset", exact=True)).to_have_value("GOLD")
    page.get_by_role("region", name="Upload data").get_by_label("Exchange").fill("TEST")
    page.get_by_role("button", name="Upload").click()
    for line in ("line 3", "line 4"):
        expect(page.get_by_test_id("bad-rows")).to_contain_text(line)
    file.write_text(HEADER + "".join(f"2024-01-{day:02d},1.1,1.2,1.0,1.1,5\n" for day in range(1, 29)))
    page.get_by_label("File of data").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("GOLD · TEST · 1d is in the catalogue.")).to_be_visible()
    page.get_by_role("button", name="Delete GOLD · TEST · 1d").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Delete GOLD · TEST · 1d")).to_have_count(0)


def test_funding_rates_are_uploaded_and_a_complaint_stands_at_its_field_alone(
    page: Page, tmp_path: Path, complaints: Complaints
) -> None:
    complaints.expect("400")
    file = tmp_path / "ACME_funding.csv"
    file.write_text("time,rate\n2024-01-01T00:00:00Z,0.0001\n2024-01-01T08:00:00Z,-0.0002\n")
    page.goto("/catalogue")
    form = page.get_by_role("region", name="Upload data")
    form.get_by_label("Rows are").select_option("Funding rates")
    expect(form.get_by_label("Time frame")).to_have_count(0)
    form.get_by_label("File of data").set_input_files(file)
    form.get_by_label("Exchange").fill("E" * 121)
    form.get_by_role("button", name="Upload").click()
    expect(form.get_by_label("Exchange")).to_have_attribute("aria-invalid", "true")
    message = form.locator("#upload-exchange-error").inner_text()
    expect(form.get_by_text(message)).to_have_count(1)
    form.get_by_label("Exchange").fill("TEST")
    form.get_by_role("button", name="Upload").click()
    expect(form.get_by_text("ACME · TEST · funding is in the catalogue.")).to_be_visible()


def test_an_empty_home_leads_to_a_first_run(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "silver_1d.csv"
    file.write_text(HEADER + "".join(f"2024-01-{day:02d},{day},{day + 1},{day},{day + 1},5\n" for day in range(1, 29)))
    with dashboard(tmp_path, fill=False) as site:
        page.goto(site.served.url)
        expect(page.get_by_role("heading", name="No runs yet")).to_be_visible()
        page.get_by_role("link", name="Start the first run").click()
        expect(page.get_by_role("heading", name="There is no data yet")).to_be_visible()
        page.get_by_role("link", name="Upload data").click()
        expect(page.get_by_role("heading", name="No data yet")).to_be_visible()
        expect(page.get_by_role("heading", name="Upload data")).to_be_in_viewport()
        page.get_by_label("File of data").set_input_files(file)
        page.get_by_role("region", name="Upload data").get_by_label("Exchange").fill("TEST")
        page.get_by_role("button", name="Upload").click()
        page.get_by_role("link", name="Run something on it").click()
        submit(page)
        expect(key_figures(page)).to_be_visible()


def test_a_demo_home_shows_first_runs_and_which_data_are_synthetic(page: Page, tmp_path: Path) -> None:
    with dashboard(tmp_path, fill=False, FORGE_DEMO="1") as site:
        page.goto(site.served.url)
        expect(page.get_by_role("list", name="Runs").get_by_role("listitem")).to_have_count(4)
        expect(page.locator(".run-row", has_text="SYNTHETIC").first).to_contain_text("Synthetic data")
        expect(page.locator(".run-row", has_text="AAPL").first).not_to_contain_text("Synthetic data")
        page.goto(f"{site.served.url}/catalogue")
        expect(page.get_by_role("row", name="SYNTHETIC")).to_contain_text("Synthetic data")
        page.goto(f"{site.served.url}/new?asset=SYNTHETIC&exchange=DEMO&timeFrame=1m")
        expect(page.get_by_role("complementary", name="What will be run")).to_contain_text("Synthetic data")
