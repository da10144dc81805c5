"""The list of a thousand runs in a real browser, with two hundred of them moving."""

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from playwright.async_api import Page, async_playwright, expect

from tests.bench.figures import Figure, quantile
from tests.bench.publisher import run_key
from tests.e2e.chromium import launch_options

_RUNS: Final = 1_000
_MOVING: Final = 200
_HZ: Final = 10.0
_SETTLE_MS: Final = 4_000
_WATCHED_MS: Final = 10_000
_LOAD_MS: Final = 60_000
_LATE_MS: Final = 25.0
"""A frame that took longer than this has lost at least one of 60 a second."""

_FOLLOW: Final = """
const send = WebSocket.prototype.send
WebSocket.prototype.send = function (text) {
  send.call(this, text)
  if (text.includes('"topic":"runs"')) send.call(this, JSON.stringify({type: 'subscribe', id: 0, runKey: '%s'}))
}
"""
"""Follows one run at its full rate beside all of them, as a page of a run does."""

_FRAMES: Final = """
span => new Promise(resolve => {
  const stamps = []
  const step = now => {
    stamps.push(now)
    if (now - stamps[0] < span) requestAnimationFrame(step)
    else resolve(stamps.slice(1).map((stamp, index) => stamp - stamps[index]))
  }
  requestAnimationFrame(step)
})
"""


class Watched(NamedTuple):
    """A while in the browser: processor time of the main thread by the time that passed, and how long frames took."""

    busy: float
    frames_ms: list[float]

    @property
    def rate(self) -> float:
        """Frames a second."""
        return len(self.frames_ms) / (sum(self.frames_ms) / 1000)

    @property
    def late(self) -> float:
        """The share of frames that came after the next was due."""
        return sum(took > _LATE_MS for took in self.frames_ms) / len(self.frames_ms)


async def watching_a_crowd(folder: Path) -> list[Figure]:
    """At rest, and with two hundred runs moving."""
    rest = await _watched(0)
    crowd = await _watched(_MOVING)
    what = f"{_RUNS:,} runs in the list, {_MOVING} of them moving, one followed at {_HZ:.0f}/s"
    return [
        Figure(
            f"{what}: the page's main thread",
            f"{crowd.busy:.1%} of the time",
            "< 25 %",
            f"{rest.busy:.1%} with none moving",
        ),
        Figure(
            "the same: frames",
            f"{crowd.rate:.1f}/s",
            "60/s",
            f"{rest.rate:.1f}/s with none moving",
        ),
        Figure(
            f"the same: frames later than {_LATE_MS:.0f} ms",
            f"{crowd.late:.2%}",
            "",
            f"{rest.late:.2%} with none moving; p99 of a frame {quantile(crowd.frames_ms, 0.99):.1f} ms",
        ),
    ]


async def _watched(moving: int) -> Watched:
    async with _serving(moving) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        await page.add_init_script(_FOLLOW % run_key(0))
        await page.goto(f"{url}/?kind=backtest&shown={_RUNS}")
        await expect(page.get_by_test_id("connection")).to_have_text("Live", timeout=_LOAD_MS)
        await expect(page.locator(".run-row")).to_have_count(_RUNS, timeout=_LOAD_MS)
        await page.wait_for_timeout(_SETTLE_MS)
        watched = await _measured(page)
        await browser.close()
        return watched


async def _measured(page: Page) -> Watched:
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable")

    async def metrics() -> dict[str, float]:
        answer = await session.send("Performance.getMetrics")
        return {each["name"]: each["value"] for each in answer["metrics"]}

    before = await metrics()
    frames = await page.evaluate(_FRAMES, _WATCHED_MS)
    after = await metrics()
    seconds = after["Timestamp"] - before["Timestamp"]
    return Watched((after["ThreadTime"] - before["ThreadTime"]) / seconds, frames)


@asynccontextmanager
async def _serving(moving: int) -> AsyncIterator[str]:
    process = await create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.crowd", str(_RUNS), str(moving), str(_HZ)), stdout=PIPE
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{msgspec.json.decode(await process.stdout.readline())['port']}"
    finally:
        process.kill()
        await process.wait()
