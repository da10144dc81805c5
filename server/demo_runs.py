"""The first runs of an empty home, so that the dashboard has something that moves."""

import logging
from typing import Any, Final

import msgspec

from server.contract.problems import ForgeError
from server.contract.requests import BacktestRequest, OptimizationRequest
from server.data.demo import DEMO_SERIES
from server.runs.port import Datasets, Runs

_log = logging.getLogger(__name__)
_AXES: Final = {"fastPeriod": {"min": 5, "max": 50, "step": 5}, "slowPeriod": {"min": 60, "max": 300, "step": 10}}
_COARSE_AXES: Final = {
    "fastPeriod": {"min": 10, "max": 50, "step": 5},
    "slowPeriod": {"values": [60, 90, 120, 180, 240, 300]},
}
"""For the long series: enough to watch for half a minute."""


async def submit_demo_runs(runs: Runs, datasets: Datasets) -> None:
    """Submits a backtest and an optimization over each demo series; identical ones of before are not run again."""
    for dataset in datasets.all():
        demo = (dataset.asset_name, dataset.exchange) in DEMO_SERIES and dataset.kind == "bars"
        if not demo or dataset.version > 1:
            continue
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
        sweep = settings | {"axes": _COARSE_AXES if dataset.synthetic else _AXES}
        requests = (msgspec.convert(backtest, BacktestRequest), msgspec.convert(sweep, OptimizationRequest))
        for request in requests:
            try:
                await runs.submit(request)
            except ForgeError as error:
                _log.warning("a demo run could not be submitted", extra={"reason": error.detail})
