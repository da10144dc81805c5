"""The same trades as backtesting.py makes, on real prices.

It counts in floats and whole units without lots; slippage and commissions are left out. What is still open at the end
is compared by neither. Its stop losses and take profits of an entry at the open can fill in the entry's bar, the stop
first, as ours do; entries inside of a bar it treats otherwise, so the protected entries here are market orders.
"""

from typing import Final

import pytest
from backtesting import Strategy as TheirStrategy

from server.strategies import Bar, Strategy
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.oracles.crossover import play_crossover
from tests.oracles.exchange import CASH, ours, theirs, trades_in
from tests.oracles.prices import Prices
from tests.trading import Bars

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its use of pandas is behind the newest pandas
    pytest.mark.filterwarnings("ignore:Some trades remain open"),  # as ours do
]

_LENGTH: Final = 20


@pytest.mark.parametrize(("fast", "slow"), [(10, 30), (3, 9), (20, 100)])
def test_a_crossover_of_averages_makes_the_same_trades(prices: Prices, fast: int, slow: int) -> None:
    expected = trades_in(play_crossover(prices, fast, slow, cash_ticks=CASH))
    assert len(expected) > 10
    assert ours(SmaCrossover, prices, {"fastPeriod": fast, "slowPeriod": slow, "quantity": 1}) == expected


def highest(bars: Bars, bar: int) -> int:
    return int(bars[2, bar + 1 - _LENGTH : bar + 1].max())


def lowest(bars: Bars, bar: int) -> int:
    return int(bars[3, bar + 1 - _LENGTH : bar + 1].min())


def test_a_breakout_by_stop_orders_makes_the_same_trades(prices: Prices) -> None:
    bars = prices.bars

    class Breakout(Strategy):
        def on_bar(self, bar: Bar) -> None:
            self.cancel_all()
            if bar.i < _LENGTH:
                return
            if self.position == 0:
                self.buy(1, stop=highest(bars, bar.i) + 1)
            else:
                self.sell(1, stop=lowest(bars, bar.i) - 1)

    class TheirBreakout(TheirStrategy):
        def init(self) -> None: ...

        def next(self) -> None:
            for order in self.orders:
                order.cancel()
            bar = len(self.data) - 1
            if bar < _LENGTH:
                return
            if not self.position:
                self.buy(size=1, stop=highest(bars, bar) + 1)
            else:
                self.sell(size=1, stop=lowest(bars, bar) - 1)

    expected = theirs(TheirBreakout, prices)
    assert len(expected) > 10
    assert ours(Breakout, prices) == expected


def test_stop_orders_that_turn_the_position_make_the_same_trades(prices: Prices) -> None:
    """Stop and reverse, as Donchian traded his channel: one order of two units closes and enters."""
    bars = prices.bars

    class Reverse(Strategy):
        def on_bar(self, bar: Bar) -> None:
            self.cancel_all()
            if bar.i < _LENGTH:
                return
            if self.position <= 0:
                self.buy(1 - self.position, stop=highest(bars, bar.i) + 1)
            if self.position >= 0:
                self.sell(1 + self.position, stop=lowest(bars, bar.i) - 1)

    class TheirReverse(TheirStrategy):
        def init(self) -> None: ...

        def next(self) -> None:
            for order in self.orders:
                order.cancel()
            bar = len(self.data) - 1
            if bar < _LENGTH:
                return
            if self.position.size <= 0:
                self.buy(size=1 - self.position.size, stop=highest(bars, bar) + 1)
            if self.position.size >= 0:
                self.sell(size=1 + self.position.size, stop=lowest(bars, bar) - 1)

    expected = theirs(TheirReverse, prices)
    assert len(expected) > 10
    assert {side for side, *_ in expected} == {1, -1}
    assert ours(Reverse, prices) == expected


def test_limit_orders_make_the_same_trades(prices: Prices) -> None:
    bars = prices.bars

    class Reversal(Strategy):
        def on_bar(self, bar: Bar) -> None:
            self.cancel_all()
            if bar.i < _LENGTH:
                return
            middle = (highest(bars, bar.i) + lowest(bars, bar.i)) // 2
            if self.position == 0:
                self.buy(1, limit=lowest(bars, bar.i))
            else:
                self.sell(1, limit=middle)

    class TheirReversal(TheirStrategy):
        def init(self) -> None: ...

        def next(self) -> None:
            for order in self.orders:
                order.cancel()
            bar = len(self.data) - 1
            if bar < _LENGTH:
                return
            if not self.position:
                self.buy(size=1, limit=lowest(bars, bar))
            else:
                self.sell(size=1, limit=(highest(bars, bar) + lowest(bars, bar)) // 2)

    expected = theirs(TheirReversal, prices)
    assert len(expected) > 10
    assert ours(Reversal, prices) == expected


@pytest.mark.parametrize(("loss", "gain"), [(1, 1), (1, 3), (4, 1), (0.2, 0.3)])
def test_brackets_make_the_same_trades(prices: Prices, loss: float, gain: float) -> None:
    bars = prices.bars
    ranges = bars[2] - bars[3]

    def distances(bar: int) -> tuple[int, int]:
        usual = int(ranges[bar + 1 - _LENGTH : bar + 1].mean())
        return max(int(usual * loss), 1), max(int(usual * gain), 1)

    class Bracketed(Strategy):
        def on_bar(self, bar: Bar) -> None:
            if bar.i < _LENGTH or self.position != 0:
                return
            risk, reward = distances(bar.i)
            if bar.close > bars[4, bar.i - 1]:
                self.buy(1, stop_loss=bar.close - risk, take_profit=bar.close + reward)
            else:
                self.sell(1, stop_loss=bar.close + risk, take_profit=bar.close - reward)

    class TheirBracketed(TheirStrategy):
        def init(self) -> None: ...

        def next(self) -> None:
            bar = len(self.data) - 1
            if bar < _LENGTH or self.position:
                return
            risk, reward = distances(bar)
            close = int(bars[4, bar])
            if close > bars[4, bar - 1]:
                self.buy(size=1, sl=close - risk, tp=close + reward)
            else:
                self.sell(size=1, sl=close + risk, tp=close - reward)

    expected = theirs(TheirBracketed, prices)
    assert len(expected) > 100
    assert ours(Bracketed, prices) == expected
