"""The first runs of an empty home, so that the dashboard has something that moves."""

import logging
from typing import Any, Final

import msgspec

from server.contract.problems import ForgeError
from server.contract.requests import BacktestRequest, OptimizationRequest
from server.runs.port import Datasets, Runs

_log = logging.getLogger(__name__)
_FAST: Final = {"min": 5, "max": 50, "step": 5}
_SLOW: Final = {"min": 60, "max": 300, "step": 10}


async def submit_demo_runs(runs: Runs, datasets: Datasets) -> None:
    """Submits a backtest over every demo data set and an optimization; identical ones of before are not run again."""
    for dataset in datasets.all():
        settings: dict[str, Any] = {
            "assetName": dataset.asset_name,
            "exchange": dataset.exchange,
            "timeFrame": dataset.time_frame,
            "startTime": dataset.first,
            "endTime": dataset.last,
            "strategyName": "SmaCrossover",
            "initialCash": 10_000,
            "commissionPerTrade": 0.0005,
            "label": "demo",
        }
        backtest = settings | {"strategyParameters": {"fastPeriod": 20, "slowPeriod": 100}}
        requests: list[BacktestRequest | OptimizationRequest] = [msgspec.convert(backtest, BacktestRequest)]
        if not dataset.synthetic:
            sweep = settings | {"axes": {"fastPeriod": _FAST, "slowPeriod": _SLOW}}
            requests.append(msgspec.convert(sweep, OptimizationRequest))
        for request in requests:
            try:
                await runs.submit(request)
            except ForgeError as error:
                _log.warning("a demo run could not be submitted", extra={"reason": error.detail})
