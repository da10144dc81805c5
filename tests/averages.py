"""Averages computed over all values, as the streaming ones must be."""

import math
from collections.abc import Sequence
from fractions import Fraction


def ema(values: Sequence[float], n: int) -> float:
    """The past weighed geometrically, the first value standing for all before it."""
    alpha = 2 / (n + 1)
    weights = [alpha * (1 - alpha) ** age for age in range(len(values) - 1)] + [(1 - alpha) ** (len(values) - 1)]
    return math.fsum(weight * value for weight, value in zip(weights, reversed(values), strict=True))


def wilder(values: Sequence[int], n: int) -> Fraction:
    """The mean of the first `n`, then each new value with weight 1 / n; 0 of none."""
    if not values:
        return Fraction(0)
    average = Fraction(sum(values[:n]), len(values[:n]))
    for value in values[n:]:
        average = (average * (n - 1) + value) / n
    return average
