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

_OF_VERSION: Final = "1.2.0"
_DIGESTS: Final[dict[type[Strategy], str]] = {
    AtrTrend: "e9d13cde35083f08",
    BollingerBreakout: "10d3bf03764340e3",
    BuyAndHold: "46929a7df6b52f81",
    DonchianBreakout: "ce476e2465968aa6",
    MacdCrossover: "290b37956b716d10",
    RsiReversion: "7d437e0132dc87e9",
    SmaCrossover: "e0a0b44c88ae08d7",
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
