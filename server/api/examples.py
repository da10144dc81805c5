"""Example requests for the OpenAPI document; they work with the demo data."""

from typing import Any, Final

_DEMO: Final[dict[str, Any]] = {
    "assetName": "AAPL",
    "exchange": "NASDAQ",
    "timeFrame": "1d",
    "startTime": "2019-01-01T00:00:00Z",
    "endTime": "2024-12-31T23:59:59Z",
    "initialCash": 10000,
    "commissionPerTrade": 0.001,
    "slippageTicks": 0,
}

BACKTEST: Final[dict[str, Any]] = {
    **_DEMO,
    "strategyName": "SmaCrossover",
    "strategyParameters": {"fastPeriod": 10, "slowPeriod": 30},
}

BUY_AND_HOLD: Final[dict[str, Any]] = {**_DEMO, "strategyName": "BuyAndHold"}

OPTIMIZATION: Final[dict[str, Any]] = {
    **_DEMO,
    "strategyName": "SmaCrossover",
    "axes": {"fastPeriod": {"min": 5, "max": 50, "step": 5}, "slowPeriod": {"values": [20, 50, 100]}},
    "sortBy": "sharpeRatio",
}
