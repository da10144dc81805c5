"""The real prices that backtesting.py ships."""

import pytest
from backtesting.test import EURUSD, GOOG

from tests.oracles.exchange import Prices, prices_of


@pytest.fixture(params=["GOOG", "EURUSD"])
def prices(request: pytest.FixtureRequest) -> Prices:
    return prices_of(GOOG, 100) if request.param == "GOOG" else prices_of(EURUSD, 100_000)
