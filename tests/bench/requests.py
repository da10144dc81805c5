"""Submitting, asking and cancelling."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from tests.bench.figures import Figure, median, ms, quantile
from tests.bench.subject import Subject

_SUBMISSIONS = 200
_ASKS = 2_000
_CANCELS = 20


async def timed(count: int, act: Callable[[int], Awaitable[httpx.Response]]) -> list[float]:
    """Seconds of each of `count` requests, one after the other."""
    took = []
    for number in range(count):
        began = time.perf_counter()
        answer = await act(number)
        took.append(time.perf_counter() - began)
        answer.raise_for_status()
    return took


async def submitting(subject: Subject) -> list[Figure]:
    """To an idle server: the run is taken back at once, so that the next one finds it idle again."""
    http = subject.http
    floor = await timed(_SUBMISSIONS, lambda _: http.get("/health/live"))
    took = []
    for number in range(_SUBMISSIONS + 10):
        began = time.perf_counter()
        answer = await http.post("/api/backtests", json=subject.backtest(number))
        took.append(time.perf_counter() - began)
        answer.raise_for_status()
        await ended(subject, answer.json()["runKey"])
    took = took[10:]
    return [
        Figure(
            "submit, median, idle server, 1,000,000 bars",
            ms(median(took)),
            "≤ 10 ms",
            f"{median(took) / median(floor):.1f} × a health request ({ms(median(floor))})",
        ),
        Figure(
            "submit, p99",
            ms(quantile(took, 0.99)),
            "≤ 50 ms",
            f"{quantile(took, 0.99) / quantile(floor, 0.99):.1f} × a health request ({ms(quantile(floor, 0.99))})",
        ),
    ]


async def until(subject: Subject, path: str, true: Callable[[Any], bool]) -> Any:
    """The first status of which this is true; the server holds the request until there is news."""
    tag = ""
    while True:
        answer = await subject.http.get(f"{path}/status", headers={"Prefer": "wait=5", "If-None-Match": tag})
        if answer.status_code == 200 and true(answer.json()):
            return answer.json()
        tag = answer.headers.get("ETag", "")


async def ended(subject: Subject, run_key: str, kind: str = "backtests") -> None:
    """Cancels a run and waits for its end."""
    path = f"/api/{kind}/{run_key}"
    await subject.http.post(f"{path}/cancel")
    await until(subject, path, lambda status: status["status"] in ("Completed", "Failed", "Cancelled"))


async def asking(subject: Subject) -> list[Figure]:
    """The status of a sweep that occupies every core, and how late the event loop gets."""
    axes = {"fastPeriod": {"min": 2, "max": 30, "step": 1}, "slowPeriod": {"min": 40, "max": 200, "step": 5}}
    answer = await subject.http.post("/api/optimizations", json=subject.backtest(0) | {"axes": axes})
    answer.raise_for_status()
    run_key = answer.json()["runKey"]
    path = f"/api/optimizations/{run_key}"
    await until(subject, path, lambda status: status["barsPerSecond"] is not None)
    lags: list[float] = []
    took: list[float] = []
    for _ in range(_ASKS // 100):
        took += await timed(100, lambda _: subject.http.get(f"{path}/status"))
        lags.append((await subject.http.get("/api/system")).json()["loopLagMs"])
    floor = await timed(_ASKS // 4, lambda _: subject.http.get("/health/live"))
    status = (await subject.http.get(f"{path}/status")).json()["status"]
    assert status == "Running", status
    await ended(subject, run_key, "optimizations")
    return [
        Figure(
            "status, p99, every core computing",
            ms(quantile(took, 0.99)),
            "≤ 5 ms",
            f"{quantile(took, 0.99) / quantile(floor, 0.99):.1f} × a health request ({ms(quantile(floor, 0.99))})",
        ),
        Figure("status, median, every core computing", ms(median(took))),
        Figure("lag of the event loop meanwhile, worst", f"{max(lags):.1f} ms", "< 20 ms"),
    ]


async def cancelling(subject: Subject) -> list[Figure]:
    """From the request to the final state of a running backtest in machine code."""
    took: list[float] = []
    for number in range(_CANCELS):
        answer: Any = await subject.http.post(
            "/api/backtests", json=subject.backtest(20_000 + number, strategy="Plodder")
        )
        key = answer.json()["runKey"]
        await until(subject, f"/api/backtests/{key}", lambda status: status["processedBars"] > 0)
        began = time.perf_counter()
        await ended(subject, key)
        took.append(time.perf_counter() - began)
        state = (await subject.http.get(f"/api/backtests/{key}/status")).json()["status"]
        assert state == "Cancelled", state
    return [
        Figure("cancel of a running backtest, median", ms(median(took))),
        Figure("cancel of a running backtest, worst of 20", ms(max(took)), "< 100 ms"),
    ]
