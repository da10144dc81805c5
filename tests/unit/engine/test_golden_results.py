"""Results that change need another engine version: stored runs are found by it."""

import hashlib
from typing import Final

import msgspec
import pytest
from msgspec import structs

from server.engine.settings import ENGINE_VERSION
from server.strategies import Strategy
from server.strategies.shipped.atr_trend import AtrTrend
from server.strategies.shipped.bollinger_breakout import BollingerBreakout
from server.strategies.shipped.buy_and_hold import BuyAndHold
from server.strategies.shipped.donchian_breakout import DonchianBreakout
from server.strategies.shipped.macd_crossover import MacdCrossover
from server.strategies.shipped.rsi_reversion import RsiReversion
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.trading import EURUSD, run, settings, walk

_OF_VERSION: Final = "1.1.0"
_DIGESTS: Final[dict[type[Strategy], str]] = {
    AtrTrend: "a4d94a280aed1df3",
    BollingerBreakout: "27029ad286264fef",
    BuyAndHold: "46929a7df6b52f81",
    DonchianBreakout: "c93ae60a687c387e",
    MacdCrossover: "a395a851c1e6e12f",
    RsiReversion: "3837f81e909e3ea7",
    SmaCrossover: "07f24ae9b5b4b68b",
}


@pytest.mark.parametrize("strategy", _DIGESTS, ids=lambda strategy: strategy.__name__)
def test_the_same_request_gives_what_it_always_gave(strategy: type[Strategy]) -> None:
    """Where this fails and the change is meant: raise ENGINE_VERSION, then write the new digests here."""
    under = settings(cash=100_000.0, rate=0.0002, account="margin", leverage=5.0, slippage=2)
    result = run(strategy, walk(2_000), instrument=EURUSD, under=under)
    assert result.metrics.total_fills > 0
    tables = (result.orders, result.fills, result.round_trips)
    # what logarithms and exponentials come to in the last digit is the C library's affair
    metrics = structs.replace(result.metrics, annual_return_pct=None, calmar_ratio=None)
    told = b"".join(table.tobytes() for table in tables) + msgspec.json.encode(metrics)
    assert (ENGINE_VERSION, hashlib.sha256(told).hexdigest()[:16]) == (_OF_VERSION, _DIGESTS[strategy])
