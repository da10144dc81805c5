"""From submitting a backtest to the update that says it is finished."""

import time
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.figures import Figure, median, ms, quantile
from tests.bench.subject import BARS, Subject
from tests.bench.watching import messages_of

_RUNS: Final = 20
_WARMING: Final = 3


async def finishing(subject: Subject) -> list[Figure]:
    """SmaCrossover over a million bars, other parameters each time, on one socket that stays open."""
    took: list[float] = []
    simulated: list[float] = []
    async with connect(f"{subject.socket}/ws", compression=None) as socket:
        for number in range(_WARMING + _RUNS):
            began = time.perf_counter()
            answer = await subject.http.post("/api/backtests", json=_submission(subject, number))
            answer.raise_for_status()
            run_key = answer.json()["runKey"]
            await socket.send(msgspec.json.encode({"type": "subscribe", "id": number, "runKey": run_key}).decode())
            await _final(socket, run_key)
            took.append(time.perf_counter() - began)
            result = await subject.http.get(f"/api/backtests/{run_key}")
            simulated.append(result.raise_for_status().json()["result"]["simulateMs"] / 1000)
    took, simulated = took[_WARMING:], simulated[_WARMING:]
    return [
        Figure(
            f"from submitting SmaCrossover over {BARS:,} bars to its final update, median of {_RUNS}",
            ms(median(took)),
            "< 150 ms",
            f"{median(took) / median(simulated):.2f} × the bar loop with metrics ({ms(median(simulated))})",
        ),
        Figure("the same, worst", ms(quantile(took, 1.0))),
    ]


def _submission(subject: Subject, number: int) -> dict[str, Any]:
    """A backtest that no other number gives and no other part of the benchmark asks for."""
    return subject.backtest(0) | {"strategyParameters": {"fastPeriod": 5 + number, "slowPeriod": 100}}


async def _final(socket: ClientConnection, run_key: str) -> None:
    """Reads until the run is finished, as a snapshot or an update says; RuntimeError when it did not complete."""
    async for frame in socket:
        for message in messages_of(frame):
            if message.get("runKey") == run_key and message.get("final"):
                if message["state"]["status"] != "Completed":
                    raise RuntimeError(f"the run ended as {message['state']['status']}")
                return
    raise RuntimeError("the socket was closed before the final update")
