"""Whether the best of many trials is more than the luckiest: its neighbourhood, and what chance alone would give."""

import itertools
import math
from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_EULER: Final = 0.5772156649015329
_MOST_NEIGHBOURS: Final = 50_000
_NORMAL: Final = NormalDist()


class Neighbourhood(NamedTuple):
    """The values of the trials next to one: how many, their median, and between their quartiles."""

    neighbours: int
    median: float | None
    spread: float | None


def neighbourhood(position: Sequence[int], lengths: Sequence[int], sets: Ints, values: Floats) -> Neighbourhood:
    """What lies within one step of a set on every axis, itself left out.

    `position`: where the set stands on each axis of `lengths` values. `sets`: (n,) the numbers of the sets that have a
    value, rising, mixed radix with the last axis running fastest; `values`: (n,) theirs, NaN where undefined. The
    neighbours are told by the median and the interquartile range (quartiles by linear interpolation), None without any.
    With so many axes that a set has more than 50,000 neighbours only those one step away on a single axis count.
    """
    numbers = np.array(sorted(_neighbours(position, lengths)), dtype=np.int64)
    places = np.searchsorted(sets, numbers)
    there = places < len(sets)
    there[there] = sets[places[there]] == numbers[there]
    found = values[places[there]]
    found = found[~np.isnan(found)]
    if not len(found):
        return Neighbourhood(0, None, None)
    low, middle, high = np.percentile(found, [25, 50, 75])
    return Neighbourhood(len(found), float(middle), float(high - low))


def _neighbours(position: Sequence[int], lengths: Sequence[int]) -> set[int]:
    steps = [
        [step for step in (-1, 0, 1) if 0 <= at + step < length] for at, length in zip(position, lengths, strict=True)
    ]
    several = math.prod(map(len, steps)) <= _MOST_NEIGHBOURS
    moves = itertools.product(*steps) if several else _single_moves(steps)
    return {
        _number([at + step for at, step in zip(position, move, strict=True)], lengths) for move in moves if any(move)
    }


def _single_moves(steps: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    for moved, choices in enumerate(steps):
        for step in choices:
            yield tuple(step if axis == moved else 0 for axis in range(len(steps)))


def _number(position: Sequence[int], lengths: Sequence[int]) -> int:
    number = 0
    for at, length in zip(position, lengths, strict=True):
        number = number * length + at
    return number


def deflated_sharpe(
    best: float, ratios: Floats, returns: int, *, skewness: float = 0.0, kurtosis: float = 3.0
) -> float | None:
    """The probability that the true Sharpe ratio of the best of many trials is above zero, given how many were tried.

    PSR(SR*) of D. H. Bailey, M. López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40 (2014):
    Φ((SR - SR*) √(T - 1) / √(1 - γ₃ SR + (γ₄ - 1)/4 SR²)), where SR* = √V ((1 - γ) Φ⁻¹(1 - 1/N) + γ Φ⁻¹(1 - 1/(N e)))
    is what the best of N trials without any skill is expected to show, V the variance of the trials' ratios (of the
    sample, n - 1) and γ the Euler-Mascheroni constant.

    `best` (SR) and `ratios` are of single periods, not annual, NaN where undefined; `returns` (T) is how many periods
    there were. Of normal returns unless told: `skewness` γ₃ and `kurtosis` γ₄ of the best trial's. N counts all trials
    as independent; those of neighbouring cells are not, so the truth is kinder. None where it is undefined.
    """
    known = ratios[~np.isnan(ratios)]
    count = len(known)
    spread = 1.0 - skewness * best + (kurtosis - 1.0) / 4.0 * best * best
    if count < 2 or returns < 2 or spread <= 0 or math.isnan(best):
        return None
    by_chance = (1.0 - _EULER) * _NORMAL.inv_cdf(1.0 - 1.0 / count)
    by_chance += _EULER * _NORMAL.inv_cdf(1.0 - 1.0 / (count * math.e))
    benchmark = math.sqrt(float(np.var(known, ddof=1))) * by_chance
    return _NORMAL.cdf((best - benchmark) * math.sqrt(returns - 1) / math.sqrt(spread))
