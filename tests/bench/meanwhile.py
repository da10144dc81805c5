"""What else a server does while a long sweep has its workers: evaluates, runs a backtest, and ends the sweep."""

import time
from typing import Any, Final

from tests.bench.figures import Figure, median, ms
from tests.bench.requests import ended, timed, until
from tests.bench.subject import Subject

_ROWS: Final = 100_000
_EVALUATIONS: Final = 20
_BACKTESTS: Final = 10
_CANCELS: Final = 5
_LONG: Final = {
    "fastPeriod": {"min": 2, "max": 126, "step": 1},
    "slowPeriod": {"min": 5, "max": 804, "step": 1},
}
_VAST: Final = {
    "fastPeriod": {"min": 2, "max": 200, "step": 1},
    "slowPeriod": {"min": 5, "max": 507, "step": 1},
    "quantity": {"min": 1, "max": 10_000_000, "step": 1},
}
_CONDITION: Final = "fastPeriod * quantity < slowPeriod * 1000"
_SEARCHES: Final = ("grid", "tpe")


async def meanwhile(subject: Subject) -> list[Figure]:
    """Needs the minutes of the subject."""
    body = subject.backtest(0, rows=_ROWS)
    evaluate = "/api/optimizations/evaluate"
    # the first one has the strategy measured, which is no part of a request
    (await subject.http.post(evaluate, json=body | {"axes": _VAST})).raise_for_status()
    path = await _running(subject, body | {"axes": _LONG, "initialCash": 77_000})
    plain = await timed(_EVALUATIONS, lambda _: subject.http.post(evaluate, json=body | {"axes": _VAST}))
    conditioned = body | {"axes": _VAST, "conditions": [_CONDITION]}
    with_condition = await timed(_EVALUATIONS, lambda _: subject.http.post(evaluate, json=conditioned))
    began = [await _started(subject, number) for number in range(_BACKTESTS)]
    await ended(subject, path.rpartition("/")[2], "optimizations")
    figures = [
        Figure("evaluate 1,000,970,000,000 combinations, median, every core computing", ms(median(plain)), "< 50 ms"),
        Figure("the same, worst of 20", ms(max(plain)), "< 50 ms"),
        Figure("the same with a condition on three parameters, worst of 20", ms(max(with_condition)), "< 50 ms"),
        Figure("a backtest submitted then: until it runs, worst of 10", ms(max(began)), "< 1 s"),
    ]
    for method in _SEARCHES:
        took = [await _cancelled(subject, body, method, number) for number in range(_CANCELS)]
        figures.append(Figure(f"cancel of a sweep, {method}, worst of {_CANCELS}", ms(max(took)), "< 200 ms"))
    return figures


async def _running(subject: Subject, body: dict[str, Any]) -> str:
    """Submits a sweep and waits for its first trials."""
    answer = (await subject.http.post("/api/optimizations", json=body)).raise_for_status()
    path = f"/api/optimizations/{answer.json()['runKey']}"
    await until(subject, path, lambda status: status["completedCombinations"] > 0)
    return path


async def _started(subject: Subject, number: int) -> float:
    """Seconds from submitting a backtest to seeing that it runs, or has run."""
    began = time.perf_counter()
    body = subject.backtest(80_000 + number, rows=_ROWS)
    answer = (await subject.http.post("/api/backtests", json=body)).raise_for_status()
    path = f"/api/backtests/{answer.json()['runKey']}"
    await until(subject, path, lambda status: status["status"] in ("Running", "Completed"))
    return time.perf_counter() - began


async def _cancelled(subject: Subject, body: dict[str, Any], method: str, number: int) -> float:
    """Seconds from asking a sweep to stop to seeing that it has."""
    budget = {} if method == "grid" else {"budget": 50_000}
    asked = body | {"axes": _LONG, "method": method, "initialCash": 90_000 + number} | budget
    path = await _running(subject, asked)
    began = time.perf_counter()
    await ended(subject, path.rpartition("/")[2], "optimizations")
    return time.perf_counter() - began
