"""Many runs at once, watched over one event loop. Needs a server with the demo data: `make run`."""

import asyncio

from server.client import AsyncForge, RunFailed, progress_view
from server.contract.results import BacktestResult

PERIODS = [(5, 20), (10, 40), (20, 80), (40, 160)]


def request(fast: int, slow: int) -> dict[str, object]:
    """A backtest of the demo data."""
    return {
        "strategyName": "SmaCrossover",
        "strategyParameters": {"fastPeriod": fast, "slowPeriod": slow},
        "assetName": "AAPL",
        "exchange": "NASDAQ",
        "timeFrame": "1d",
        "startTime": "2019-01-02T00:00:00Z",
        "endTime": "2024-12-30T00:00:00Z",
        "initialCash": 10_000,
    }


async def main() -> None:
    """Submits all, shows them as they go on, and tells how each ended."""
    async with AsyncForge() as forge:
        submissions = await asyncio.gather(*(forge.submit_backtest(request(*periods)) for periods in PERIODS))
        with progress_view() as view:
            ended = await asyncio.gather(
                *(forge.wait(submission, progress=view) for submission in submissions), return_exceptions=True
            )
    for periods, result in zip(PERIODS, ended, strict=True):
        match result:
            case RunFailed():
                print(periods, "failed:", result.message)
            case BacktestResult(metrics=metrics):
                print(periods, f"{metrics.net_profit:,.2f}")
            case BaseException():
                raise result


asyncio.run(main())
