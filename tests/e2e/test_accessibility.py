"""What a machine can judge of how the pages serve those who do not see, or see otherwise: axe finds no violation."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.dashboard import Gates, badge, key_figures, progress
from tests.integration.site import Site

AXE: Final = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

TALL: Final[ViewportSize] = {"width": 1280, "height": 5000}
"""So that what comes only when it is gone to is there, and in sight."""

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core comes with `npm ci` in web/")

Visit = Callable[[Page, Site], None]


def violations(page: Page) -> list[str]:
    """Each rule with the elements that break it. It comes by the DevTools protocol: the policy refuses scripts."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(({violations}) => violations)", list(RULES)
    )
    return [
        f"{rule['id']}: {node['target']} {node['html'][:200]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def done(site: Site, **changes: Any) -> str:
    """The key of a backtest that has completed."""
    gates = Gates(site)
    gates.open(1000)
    gates.open(2000)
    return str(site.ended("backtests", gates.backtest(site, **changes))["runKey"])


def overview(page: Page, site: Site) -> None:
    """With a run under way, one that is done and picked, one that failed, and every filter in sight."""
    failed = site.settings(strategyName="Boom", strategyParameters={"at": 50})
    site.run("backtests", failed, "Failed")
    picked = done(site, label="for all to see")
    moving = Gates(site)
    moving.open(1000)
    key = moving.backtest(site)
    page.goto(f"/?from=2020-01-01&pick={picked}")
    expect(page.locator(f"[data-run='{key}']").get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_test_id("health")).to_be_visible()
    expect(page.get_by_role("region", name="Picked to compare")).to_be_visible()
    moving.open(2000)


def keys(page: Page, site: Site) -> None:
    """The dialog of the keys."""
    page.goto("/nowhere")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def new_run(page: Page, site: Site) -> None:
    """The form of a backtest."""
    page.goto("/new?strategy=Boom&asset=ACME&exchange=TEST&timeFrame=1h")
    expect(page.get_by_test_id("verdict")).to_contain_text("bars")


def new_optimization(page: Page, site: Site) -> None:
    """The form of a sweep."""
    page.goto("/new?kind=optimization&strategy=SmaCrossover&asset=ACME&exchange=TEST&timeFrame=1h")
    expect(page.get_by_test_id("verdict")).to_contain_text("combination")


def running(page: Page, site: Site) -> None:
    """A backtest under way."""
    gates = Gates(site)
    gates.open(1000)
    page.goto(f"/backtests/{gates.backtest(site)}")
    expect(progress(page)).to_be_visible()
    gates.open(2000)


def report(page: Page, site: Site) -> None:
    """A backtest that is done."""
    page.goto(f"/backtests/{done(site)}")
    expect(key_figures(page)).to_be_visible()
    for name in ("trades", "orders", "returns by month"):
        expect(page.get_by_role("region", name=f"Table of {name}")).to_be_visible()


def failure(page: Page, site: Site) -> None:
    """A backtest that failed."""
    request = site.settings(strategyName="Boom", strategyParameters={"at": 150})
    page.goto(f"/backtests/{site.submit('backtests', request)['runKey']}")
    expect(page.get_by_test_id("stack-trace")).to_be_visible()


def optimization(page: Page, site: Site) -> None:
    """A sweep that is done."""
    gates = Gates(site)
    gates.open()
    key = gates.sweep(site)
    site.ended("optimizations", key)
    page.goto(f"/optimizations/{key}")
    expect(page.get_by_test_id("failures")).to_be_visible()
    expect(page.get_by_role("region", name="Table of trials")).to_be_visible()


def catalogue(page: Page, site: Site) -> None:
    """Strategies, a file that does not load, and data."""
    page.goto("/catalogue")
    expect(page.get_by_test_id("broken-files")).to_be_visible()


def compare(page: Page, site: Site) -> None:
    """Two runs, and one that is none."""
    page.goto(f"/compare?runs={done(site)},{done(site, commissionPerTrade=0.01)}")
    expect(page.get_by_role("application", name="Equity of A, Gated; B, Gated")).to_be_visible()


def notice(page: Page, site: Site) -> None:
    """A run that ended elsewhere."""
    gates = Gates(site)
    page.goto(f"/backtests/{gates.backtest(site)}")
    expect(progress(page)).to_be_visible()
    page.get_by_role("link", name="Strategies & data").click()
    gates.open(1000)
    gates.open(2000)
    expect(page.get_by_test_id("toast")).to_be_visible()


PAGES: Final[tuple[Visit, ...]] = (
    overview,
    keys,
    new_run,
    new_optimization,
    running,
    report,
    failure,
    optimization,
    catalogue,
    compare,
    notice,
)


@pytest.mark.parametrize("visit", PAGES, ids=lambda visit: visit.__name__)
def test_axe_finds_no_violation_in_light_and_dark(page: Page, site: Site, visit: Visit) -> None:
    page.set_viewport_size(TALL)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    visit(page, site)
    expect(badge(page)).to_have_text("Live")
    expect(page.locator(".skeleton")).to_have_count(0)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page) == []


def test_axe_finds_no_violation_in_a_report_that_is_kept(page: Page, site: Site) -> None:
    gates = Gates(site)
    gates.open()
    swept = gates.sweep(site)
    site.ended("optimizations", swept)
    for path in (f"backtests/{done(site)}", f"optimizations/{swept}"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(f"/api/{path}/report.html")
            assert violations(page) == []
