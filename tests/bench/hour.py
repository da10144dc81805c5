"""The page of a running backtest, left open for an hour."""

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import CDPSession, async_playwright

from tests.bench.browsing import collected, page_of
from tests.bench.figures import Figure, median
from tests.bench.requests import until
from tests.bench.subject import METRONOME, serving
from tests.e2e.chromium import launch_options

_BARS: Final = 600_000
"""At a hundred a second: more than an hour of them."""
_WARM_S: Final = 60.0
_READINGS: Final = 13
_EVERY_S: Final = 300.0


async def left_open(folder: Path) -> list[Figure]:
    """Followed at ten updates a second, weighed every five minutes."""
    strategies = folder / "strategies"
    strategies.mkdir()
    (strategies / "metronome.py").write_text(METRONOME)
    async with (
        serving(folder / "home", FORGE_STRATEGIES=str(strategies)) as subject,
        async_playwright() as playwright,
    ):
        await subject.import_minutes(_BARS)
        body = subject.backtest(0, rows=_BARS, strategy="Metronome")
        answer = (await subject.http.post("/api/backtests", json=body)).raise_for_status()
        path = f"/backtests/{answer.json()['runKey']}"
        await until(subject, f"/api{path}", lambda status: status["processedBars"] > 0)
        browser = await playwright.chromium.launch(**launch_options())
        try:
            async with page_of(browser, subject, path) as page:
                session = await page.context.new_cdp_session(page)
                await session.send("Performance.enable")
                await asyncio.sleep(_WARM_S)
                readings = await _readings(session)
        finally:
            await browser.close()
    heaps = [one["JSHeapUsedSize"] / 1e6 for one in readings]
    nodes = [one["Nodes"] for one in readings]
    return [
        Figure(
            "a run followed for an hour: the page's heap after collections, first and last three readings, medians",
            f"{median(heaps[:3]):.1f} and {median(heaps[-3:]):.1f} MB",
            "flat",
            f"{min(heaps):.1f} to {max(heaps):.1f} MB; {nodes[0]:.0f} and {nodes[-1]:.0f} DOM nodes",
        )
    ]


async def _readings(session: CDPSession) -> list[dict[str, float]]:
    readings = [await collected(session)]
    while len(readings) < _READINGS:
        await asyncio.sleep(_EVERY_S)
        readings.append(await collected(session))
    return readings
