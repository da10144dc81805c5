"""Streaming indicators of one series against the same figures computed over the whole window each time."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.strategies import Bollinger, Ema, FloatSma, Macd, RollingMax, RollingMin, Rsi, Sma, Wma
from tests.averages import ema, wilder

ticks = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=80)
numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80)
periods = st.integers(1, 20)


@given(ticks, periods)
def test_a_simple_average_is_the_mean_of_its_window(values: list[int], n: int) -> None:
    average = Sma(n)
    for i, value in enumerate(values):
        told = average.update(value)
        seen = values[max(0, i + 1 - n) : i + 1]
        assert average.total == sum(seen)
        assert told == average.value == float(Fraction(sum(seen), len(seen)))
        assert average.ready == (i + 1 >= n)


@given(ticks, periods, periods)
def test_two_averages_compare_without_rounding(values: list[int], fast: int, slow: int) -> None:
    short, long = Sma(fast), Sma(slow)
    for value in values:
        short.update(value)
        long.update(value)
    if short.ready and long.ready:
        exact = Fraction(sum(values[-fast:]), fast) > Fraction(sum(values[-slow:]), slow)
        assert (short.total * slow > long.total * fast) == exact


@given(numbers, periods)
def test_an_average_of_floats_is_the_mean_of_its_window(values: list[float], n: int) -> None:
    average = FloatSma(n)
    for i, value in enumerate(values):
        told = average.update(value)
        seen = values[max(0, i + 1 - n) : i + 1]
        assert told == average.value == pytest.approx(math.fsum(seen) / len(seen), rel=1e-9, abs=1e-8)
        assert average.ready == (i + 1 >= n)


@given(st.lists(st.floats(-1e6, 1e6), min_size=20, max_size=20), periods)
def test_an_average_of_floats_forgets_what_has_left_it(values: list[float], n: int) -> None:
    average, other = FloatSma(n), FloatSma(n)
    for value in [1e300, *[0.0] * (2 * n - 1), *values]:
        average.update(value)
    for value in [0.0] * (2 * n) + values:
        other.update(value)
    assert average.value == other.value


@given(ticks, periods)
def test_an_exponential_average_weighs_the_past_geometrically(values: list[int], n: int) -> None:
    average = Ema(n)
    for value in values:
        average.update(value)
    assert average.value == pytest.approx(ema(values, n), rel=1e-9, abs=1e-3)
    assert average.ready == (len(values) >= n)


@given(ticks, periods)
def test_a_weighted_average_counts_the_newest_most(values: list[int], n: int) -> None:
    average = Wma(n)
    for i, value in enumerate(values):
        told = average.update(value)
        seen = values[max(0, i + 1 - n) : i + 1]
        weighted = sum(weight * x for weight, x in enumerate(seen, start=1))
        assert told == average.value == float(Fraction(weighted, sum(range(1, len(seen) + 1))))
        assert average.ready == (i + 1 >= n)


@given(ticks, periods, periods, periods)
def test_macd_is_the_distance_of_two_averages_and_its_average(
    values: list[int], fast: int, slow: int, signal: int
) -> None:
    macd = Macd(fast, slow, signal)
    for value in values:
        told = macd.update(value)
    lines = [ema(values[: i + 1], fast) - ema(values[: i + 1], slow) for i in range(len(values))]
    meant = lines[max(fast, slow) - 1 :]
    assert told == macd.line == pytest.approx(lines[-1], rel=1e-9, abs=1e-2)
    assert macd.signal == pytest.approx(ema(meant, signal) if meant else 0.0, rel=1e-9, abs=1e-2)
    assert macd.histogram == macd.line - macd.signal
    assert macd.ready == (len(meant) >= signal)


@given(ticks, periods)
def test_rsi_is_the_share_of_the_rises(values: list[int], n: int) -> None:
    rsi = Rsi(n)
    for i, value in enumerate(values):
        told = rsi.update(value)
        changes = [new - old for old, new in pairwise(values[: i + 1])]
        up = wilder([max(change, 0) for change in changes], n)
        down = wilder([max(-change, 0) for change in changes], n)
        expected = 100 * up / (up + down) if up + down else Fraction(50)
        assert told == rsi.value == pytest.approx(float(expected), abs=1e-9)
        assert rsi.ready == (i >= n)


@given(ticks, periods, st.floats(0, 10))
def test_bollinger_bands_lie_deviations_from_the_mean(values: list[int], n: int, width: float) -> None:
    bollinger = Bollinger(n, width)
    for i, value in enumerate(values):
        bollinger.update(value)
        seen = values[max(0, i + 1 - n) : i + 1]
        mean = Fraction(sum(seen), len(seen))
        deviation = math.sqrt(sum((x - mean) ** 2 for x in seen) / len(seen))
        assert bollinger.middle == pytest.approx(float(mean), rel=1e-15, abs=1e-3)
        assert bollinger.deviation == pytest.approx(deviation, rel=1e-12, abs=0)
        assert bollinger.bands() == (bollinger.lower, bollinger.middle, bollinger.upper)
        assert bollinger.upper == bollinger.middle + width * bollinger.deviation
        assert bollinger.lower == bollinger.middle - width * bollinger.deviation
        assert bollinger.ready == (i + 1 >= n)


@given(ticks, periods)
def test_rolling_extremes_are_those_of_the_window(values: list[int], n: int) -> None:
    highest, lowest = RollingMax(n), RollingMin(n)
    for i, value in enumerate(values):
        told = highest.update(value), lowest.update(value)
        seen = values[max(0, i + 1 - n) : i + 1]
        assert told == (highest.value, lowest.value) == (max(seen), min(seen))
        assert highest.ready == lowest.ready == (i + 1 >= n)
