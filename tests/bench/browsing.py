"""The dashboard in a real Chromium: how soon it shows something, and what it takes to watch a run."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from tests.bench.figures import Figure, median, ms
from tests.bench.requests import until
from tests.bench.subject import BARS, METRONOME, Subject, serving
from tests.e2e.chromium import launch_options

_OPENINGS: Final = 7
_WARM_S: Final = 30.0
_WATCHED_S: Final = 120.0
_PAINTED: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
_FIRST_CHART: Final = """
new MutationObserver((_, observer) => {
  const chart = [...document.querySelectorAll("canvas")].find((one) => one.width > 0 && one.height > 0);
  if (!chart) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.firstChart = performance.now(); }));
}).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["width", "height"] });
"""
"""Notes when the frame with the first chart was painted."""


async def browsing(folder: Path) -> list[Figure]:
    """First paint, the report of a long run, and two minutes of updates."""
    strategies = folder / "strategies"
    strategies.mkdir(parents=True)
    (strategies / "metronome.py").write_text(METRONOME)
    async with (
        serving(folder / "home", FORGE_STRATEGIES=str(strategies)) as subject,
        async_playwright() as playwright,
    ):
        await subject.import_minutes()
        browser = await playwright.chromium.launch(**launch_options())
        try:
            return [*await _opening(browser, subject), *await _watching(browser, subject)]
        finally:
            await browser.close()


async def _opening(browser: Browser, subject: Subject) -> list[Figure]:
    """Each time in a browser that has nothing cached."""
    answer = (await subject.http.post("/api/backtests", json=subject.backtest(0))).raise_for_status()
    run_key = answer.json()["runKey"]
    await until(subject, f"/api/backtests/{run_key}", lambda status: status["status"] == "Completed")
    paints, charts = [], []
    for _ in range(_OPENINGS):
        async with page_of(browser, subject, "/") as page:
            await page.wait_for_function(f"{_PAINTED} > 0")
            paints.append(float(await page.evaluate(_PAINTED)) / 1000)
        async with page_of(browser, subject, f"/backtests/{run_key}") as page:
            await page.wait_for_function("window.firstChart > 0")
            charts.append(float(await page.evaluate("window.firstChart")) / 1000)
    return [
        Figure("first paint of the overview, nothing cached, median", ms(median(paints)), "< 500 ms"),
        Figure(f"the same, worst of {_OPENINGS}", ms(max(paints))),
        Figure(f"report of {BARS:,} bars: until its first chart is painted, median", ms(median(charts)), "< 1.5 s"),
        Figure(f"the same, worst of {_OPENINGS}", ms(max(charts))),
    ]


async def _watching(browser: Browser, subject: Subject) -> list[Figure]:
    """The page of a run that changes ten times a second."""
    body = subject.backtest(0, rows=100_000, strategy="Metronome")
    answer = (await subject.http.post("/api/backtests", json=body)).raise_for_status()
    path = f"/backtests/{answer.json()['runKey']}"
    await until(subject, f"/api{path}", lambda status: status["processedBars"] > 0)
    async with page_of(browser, subject, path) as page:
        session = await page.context.new_cdp_session(page)
        await session.send("Performance.enable")
        await asyncio.sleep(_WARM_S)
        before = await collected(session)
        await asyncio.sleep(_WATCHED_S)
        after = await collected(session)
    grown = after["JSHeapUsedSize"] - before["JSHeapUsedSize"]
    nodes = after["Nodes"] - before["Nodes"]
    busy = (after["TaskDuration"] - before["TaskDuration"]) / (after["Timestamp"] - before["Timestamp"])
    return [
        Figure(
            f"a run followed for {_WATCHED_S:.0f} s: growth of the page's heap after a collection",
            f"{grown / 1e6:+.2f} MB",
            "flat",
            f"{before['JSHeapUsedSize'] / 1e6:.1f} MB before; {nodes:+.0f} DOM nodes",
        ),
        Figure("the same: its main thread is busy", f"{busy:.1%}", "< 25 %"),
    ]


@asynccontextmanager
async def page_of(browser: Browser, subject: Subject, path: str) -> AsyncIterator[Page]:
    # what waits for a condition evaluates it in the page, which the page's policy forbids
    context = await browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    try:
        page = await context.new_page()
        await page.add_init_script(_FIRST_CHART)
        await page.goto(f"{subject.address}{path}", wait_until="commit")
        yield page
    finally:
        await context.close()


async def collected(session: CDPSession) -> dict[str, float]:
    """What the browser tells of a page once its garbage is collected."""
    for _ in range(2):  # what is freed by one collection may hold what the next one frees
        await session.send("HeapProfiler.collectGarbage")
    told: Any = await session.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in told["metrics"]}
