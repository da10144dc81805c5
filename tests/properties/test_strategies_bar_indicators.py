"""Streaming indicators of whole bars against the same figures computed from all bars each time."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.strategies import Adx, Atr, Donchian, Stochastic, Vwap, ZigZag
from tests.averages import wilder

DAY_MS = 86_400_000


class Candle(NamedTuple):
    """A bar in ticks."""

    high: int
    low: int
    close: int


@st.composite
def candle(draw: st.DrawFn, largest: int) -> Candle:
    """Any bar; small prices make ties frequent."""
    low, close, high = sorted(draw(st.tuples(*[st.integers(1, largest)] * 3)))
    return Candle(high, low, close)


candles = st.one_of(*(st.lists(candle(largest), min_size=1, max_size=60) for largest in (8, 200, 10**9)))
periods = st.integers(1, 20)


def true_ranges(bars: list[Candle]) -> list[int]:
    """Those of all bars but the first."""
    return [
        max(bar.high - bar.low, abs(bar.high - before.close), abs(bar.low - before.close))
        for before, bar in pairwise(bars)
    ]


def movements(bars: list[Candle]) -> list[tuple[int, int]]:
    """How far each bar but the first went up or down beyond the one before, the larger of both alone."""
    moves = [(bar.high - before.high, before.low - bar.low) for before, bar in pairwise(bars)]
    return [(max(up, 0) if up > down else 0, max(down, 0) if down > up else 0) for up, down in moves]


@given(candles, periods)
def test_atr_averages_the_true_ranges(bars: list[Candle], n: int) -> None:
    atr = Atr(n)
    for i, bar in enumerate(bars):
        told = atr.update(*bar)
        assert told == atr.value == pytest.approx(float(wilder(true_ranges(bars[: i + 1]), n)), rel=1e-12)
        assert atr.ready == (i >= n)


@given(candles, st.integers(1, 12))
def test_adx_averages_how_far_one_direction_leads(bars: list[Candle], n: int) -> None:
    adx = Adx(n)
    indices: list[float] = []
    for i, bar in enumerate(bars):
        told = adx.update(*bar)
        moves = movements(bars[: i + 1])
        up, down = (wilder([move[side] for move in moves], n) for side in (0, 1))
        span = wilder(true_ranges(bars[: i + 1]), n)
        assert adx.plus_di == pytest.approx(float(100 * up / span) if span else 0.0, abs=1e-9)
        assert adx.minus_di == pytest.approx(float(100 * down / span) if span else 0.0, abs=1e-9)
        if i >= n:
            indices.append(float(100 * abs(up - down) / (up + down)) if up + down else 0.0)
        average = sum(indices[:n]) / max(len(indices[:n]), 1)
        for index in indices[n:]:
            average += (index - average) / n
        assert told == adx.value == pytest.approx(average, abs=1e-9)
        assert adx.ready == (len(indices) >= n)


@given(candles, periods)
def test_a_channel_is_made_of_the_extremes_of_its_bars(bars: list[Candle], n: int) -> None:
    channel = Donchian(n)
    for i, bar in enumerate(bars):
        channel.update(bar.high, bar.low)
        seen = bars[max(0, i + 1 - n) : i + 1]
        assert channel.upper == max(one.high for one in seen)
        assert channel.lower == min(one.low for one in seen)
        assert channel.middle == (channel.upper + channel.lower) / 2
        assert channel.ready == (i + 1 >= n)


@given(candles, periods, st.integers(1, 5), st.integers(1, 5))
def test_the_stochastic_tells_where_the_close_stands(bars: list[Candle], n: int, smooth: int, signal: int) -> None:
    stochastic = Stochastic(n, smooth, signal)

    def places(upto: int) -> float:
        seen = bars[max(0, upto - n) : upto]
        low, high = min(one.low for one in seen), max(one.high for one in seen)
        return 100 * (bars[upto - 1].close - low) / (high - low) if high > low else 50.0

    def mean(figure: Callable[[int], float], upto: int, length: int) -> float:
        seen = range(max(1, upto - length + 1), upto + 1)
        return sum(map(figure, seen)) / len(seen)

    for upto, bar in enumerate(bars, start=1):
        told = stochastic.update(*bar)
        assert told == stochastic.k == pytest.approx(mean(places, upto, smooth), abs=1e-9)
        smoothed = mean(lambda end: mean(places, end, smooth), upto, signal)
        assert stochastic.d == pytest.approx(smoothed, abs=1e-9)
        assert stochastic.ready == (upto >= n + smooth + signal - 2)


@given(st.lists(st.tuples(candle(10**9), st.integers(0, DAY_MS), st.integers(0, 10**12)), min_size=1, max_size=60))
def test_vwap_weighs_the_day_so_far_by_volume(told: list[tuple[Candle, int, int]]) -> None:
    vwap = Vwap()
    time = -DAY_MS
    seen: list[tuple[int, int, int]] = []
    for bar, pause, volume in told:
        time += pause
        value = vwap.update(time, *bar, volume)
        seen.append((time // DAY_MS, sum(bar), volume))
        today = [(triple, lots) for day, triple, lots in seen if day == time // DAY_MS]
        traded = sum(lots for _, lots in today)
        turnover = sum(triple * lots for triple, lots in today)
        expected = Fraction(turnover, 3 * traded) if traded else Fraction(sum(bar), 3)
        assert value == vwap.value == pytest.approx(float(expected), rel=1e-12)
        assert vwap.ready == (traded > 0)


def turns(bars: list[Candle], far: Callable[[int, int], bool]) -> list[tuple[int, int, int, int]]:
    """Side, bar and price of every pivot, and the bar that makes it certain, searched from the last one on."""
    found: list[tuple[int, int, int, int]] = []
    side, since = 0, 0
    for now in range(1, len(bars)):
        span = bars[since:now]
        high, low = max(one.high for one in span), min(one.low for one in span)
        top = (1, since + [one.high for one in span].index(high), high, now)
        bottom = (-1, since + [one.low for one in span].index(low), low, now)
        fall, rise = high - bars[now].low, bars[now].high - low
        falls, rises = far(fall, high), far(rise, low)
        if side == 0:
            falls, rises = falls and (fall > rise or not rises), rises and (rise > fall or not falls)
        else:
            falls = falls and side < 0 and bars[now].high <= high
            rises = rises and side > 0 and bars[now].low >= low
        if falls or rises:
            found.append(top if falls else bottom)
            side, since = found[-1][0], now
    return found


@given(candles, st.integers(1, 300))
def test_a_zigzag_by_ticks_turns_where_a_search_finds_it(bars: list[Candle], ticks: int) -> None:
    check_turns(ZigZag(ticks=ticks), bars, lambda move, _: move >= ticks)


@given(candles, st.integers(1, 99))
def test_a_zigzag_by_percent_turns_where_a_search_finds_it(bars: list[Candle], percent: int) -> None:
    check_turns(ZigZag(percent=percent), bars, lambda move, extreme: Fraction(move, extreme) >= Fraction(percent, 100))


def check_turns(zigzag: ZigZag, bars: list[Candle], far: Callable[[int, int], bool]) -> None:
    """What the indicator tells bar by bar is what the search finds in the end."""
    told: list[tuple[int, int, int, int]] = []
    for i, bar in enumerate(bars):
        turned = zigzag.update(bar.high, bar.low)
        if turned:
            told.append((turned, zigzag.pivot_bar, zigzag.pivot, i))
        assert zigzag.leg == (-told[-1][0] if told else 0)
        assert zigzag.ready == bool(told)
    assert told == turns(bars, far)
    assert all(before[0] == -after[0] for before, after in pairwise(told))
