"""Streaming indicators against the same figures computed over the whole window each time."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.strategies import Ema, Sma

ticks = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=80)
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


@given(ticks, periods)
def test_an_exponential_average_weighs_the_past_geometrically(values: list[int], n: int) -> None:
    average = Ema(n)
    for value in values:
        average.update(value)
    alpha = 2 / (n + 1)
    weights = [alpha * (1 - alpha) ** age for age in range(len(values) - 1)] + [(1 - alpha) ** (len(values) - 1)]
    expected = math.fsum(weight * value for weight, value in zip(weights, reversed(values), strict=True))
    assert average.value == pytest.approx(expected, rel=1e-9, abs=1e-3)
    assert average.ready == (len(values) >= n)
