"""The shipped strategies make the same trades as backtesting.py does by the indicators of TA-Lib and pandas."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import talib
from backtesting import Strategy as TheirStrategy

from server.strategies.shipped.atr_trend import AtrTrend
from server.strategies.shipped.bollinger_breakout import BollingerBreakout
from server.strategies.shipped.donchian_breakout import DonchianBreakout
from server.strategies.shipped.macd_crossover import MacdCrossover
from server.strategies.shipped.rsi_reversion import RsiReversion
from tests.oracles.exchange import ours, theirs
from tests.oracles.prices import Prices

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its use of pandas is behind the newest pandas
    pytest.mark.filterwarnings("ignore:Some trades remain open"),  # as ours do
]


class Follower(TheirStrategy):
    """Buys one unit where `Enter` says so, and leaves where `Leave` does."""

    def init(self) -> None: ...

    def next(self) -> None:
        if self.position:
            if self.data.Leave[-1]:
                self.position.close()
        elif self.data.Enter[-1]:
            self.buy(size=1)


def closes_of(prices: Prices) -> npt.NDArray[np.float64]:
    return np.asarray(prices.bars[4], dtype=np.float64)


@pytest.mark.parametrize(("fast", "slow", "signal"), [(12, 26, 9), (5, 35, 5)])
def test_macd_makes_the_same_trades(prices: Prices, fast: int, slow: int, signal: int) -> None:
    closes = pd.Series(closes_of(prices))
    line = closes.ewm(span=fast, adjust=False).mean() - closes.ewm(span=slow, adjust=False).mean()
    average = line[slow - 1 :].ewm(span=signal, adjust=False).mean()[signal - 1 :].reindex(line.index)
    expected = theirs(Follower, prices, Enter=(line > average).to_numpy(), Leave=(line <= average).to_numpy())
    assert len(expected) > 50
    told = ours(MacdCrossover, prices, {"fastPeriod": fast, "slowPeriod": slow, "signalPeriod": signal})
    assert told == expected


@pytest.mark.parametrize(("period", "low", "high"), [(14, 30, 50), (3, 20, 70)])
def test_rsi_reversion_makes_the_same_trades(prices: Prices, period: int, low: float, high: float) -> None:
    rsi = talib.RSI(closes_of(prices), period)
    expected = theirs(Follower, prices, Enter=rsi < low, Leave=rsi >= high)
    assert len(expected) > 10
    told = ours(RsiReversion, prices, {"period": period, "oversold": low, "exitLevel": high})
    assert told == expected


@pytest.mark.parametrize(("period", "width"), [(20, 2.0), (50, 0.7)])
def test_bollinger_breakout_makes_the_same_trades(prices: Prices, period: int, width: float) -> None:
    closes = closes_of(prices)
    upper, middle, _ = talib.BBANDS(closes, period, width, width)
    expected = theirs(Follower, prices, Enter=closes > upper, Leave=closes < middle)
    assert len(expected) > 20
    assert ours(BollingerBreakout, prices, {"period": period, "width": width}) == expected


@pytest.mark.parametrize(("entry", "leave"), [(20, 10), (5, 55)])
def test_donchian_breakout_makes_the_same_trades(prices: Prices, entry: int, leave: int) -> None:
    class TheirBreakout(TheirStrategy):
        def init(self) -> None: ...

        def next(self) -> None:
            for order in self.orders:
                order.cancel()
            if len(self.data) < max(entry, leave):
                return
            if not self.position:
                self.buy(size=1, stop=self.data.Upper[-1])
            else:
                self.sell(size=1, stop=self.data.Lower[-1])

    highs, lows = (prices.bars[row].astype(np.float64) for row in (2, 3))
    expected = theirs(TheirBreakout, prices, Upper=talib.MAX(highs, entry), Lower=talib.MIN(lows, leave))
    assert len(expected) > 10
    assert ours(DonchianBreakout, prices, {"entryPeriod": entry, "exitPeriod": leave}) == expected


@pytest.mark.parametrize(("stop", "target"), [(2.0, 4.0), (0.5, 0.8)])
def test_atr_trend_makes_the_same_trades(prices: Prices, stop: float, target: float) -> None:
    class TheirTrend(TheirStrategy):
        def init(self) -> None: ...

        def next(self) -> None:
            if not self.position and self.data.Enter[-1]:
                self.buy(size=1, sl=self.data.Loss[-1], tp=self.data.Gain[-1])

    trend, length = 30, 14
    closes = closes_of(prices)
    above = pd.Series(closes) > pd.Series(closes).ewm(span=trend, adjust=False).mean()
    enter = above & ~above.shift(1, fill_value=True) & (above.index >= trend - 1)
    highs, lows = (prices.bars[row].astype(np.float64) for row in (2, 3))
    ranges = talib.ATR(highs, lows, closes, length)
    loss, gain = np.floor(closes - stop * ranges + 0.5), np.floor(closes + target * ranges + 0.5)
    expected = theirs(TheirTrend, prices, Enter=enter.to_numpy(), Loss=loss, Gain=gain)
    assert len(expected) > 40
    told = ours(AtrTrend, prices, {"trendPeriod": trend, "stopRanges": stop, "targetRanges": target})
    assert told == expected
