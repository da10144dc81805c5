"""The same indicators as TA-Lib computes, on real prices and on made ones.

From the first bar on that both call whole they agree: simple averages and extremes are equal, the rest is within 10⁻¹²
of the figure or, absolutely, 10⁻⁶ ticks (exponential averages, of prices of 10⁴ to 10⁸ ticks), 10⁻⁸ ticks (true ranges)
or 10⁻⁸ (oscillators, of 100); variances within the rounding of TA-Lib's squares. Where the two differ by definition:

- Ema begins at the first value, TA-Lib at the mean of the first n: a difference that fades by 1 - alpha with every bar
  (which is tested to the bar). Macd is compared once it has faded, after 20 slow periods.
- Adx follows Wilder: the mean of n movements begins it. TA-Lib begins with n - 1, a difference that fades by
  1 - 1 / n a bar, so comparison starts after 60 n bars.
- Rsi and Stochastic are 50 where nothing has moved, TA-Lib's 0: none of these prices stands still for so long.

TA-Lib has neither VWAP, which pandas recomputes here, nor a zigzag.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st
from talib._ta_lib import MA_Type

from server.strategies import (
    Adx,
    Atr,
    Bollinger,
    Donchian,
    Ema,
    Macd,
    RollingMax,
    RollingMin,
    Rsi,
    Sma,
    Stochastic,
    Vwap,
    Wma,
)
from tests.oracles.prices import ALL_NAMES, prices_of

Floats = npt.NDArray[np.float64]
Table = npt.NDArray[np.int64]
"""Rows ts_ms, high, low, close, volume; prices in ticks, volume in lots."""


@pytest.fixture(scope="module", params=ALL_NAMES)
def real(request: pytest.FixtureRequest) -> Table:
    return prices_of(request.param).bars[[0, 2, 3, 4, 5]]


@st.composite
def made(draw: st.DrawFn) -> Table:
    """A walk of 130 to 200 bars in which every close differs from the one before."""
    steps = draw(st.lists(st.integers(-900, 900).filter(bool), min_size=130, max_size=200))
    spans = draw(st.lists(st.tuples(*[st.integers(0, 5)] * 2), min_size=len(steps), max_size=len(steps)))
    close = 1_000_000 + 20 * np.cumsum(steps)
    up, down = np.array(spans).T
    times = 3_600_000 * np.arange(len(steps))
    return np.vstack((times, close + up, close - down, close, np.ones(len(steps)))).astype(np.int64)


def streamed(indicator: Any, columns: Table, *figures: Callable[[Any], float]) -> list[Floats]:
    """Figures after every bar, NaN until the indicator is ready."""
    rows = []
    for values in columns.T.tolist():
        indicator.update(*values)
        rows.append([figure(indicator) if indicator.ready else np.nan for figure in figures])
    return list(np.array(rows, dtype=np.float64).T)


def value(indicator: Any) -> float:
    return float(indicator.value)


def floats(table: Table) -> tuple[Floats, Floats, Floats]:
    """High, low and close as TA-Lib takes them."""
    high, low, close = table[1:4].astype(np.float64)
    return high, low, close


def assert_same(ours: Floats, theirs: Floats, *, within: float = 0.0) -> None:
    """The same figures and the same bars without one."""
    np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=within)


def check_simple_averages(table: Table, n: int) -> None:
    _, _, close = floats(table)
    np.testing.assert_array_equal(streamed(Sma(n), table[3:4], value)[0], talib.SMA(close, n))
    assert_same(streamed(Wma(n), table[3:4], value)[0], talib.WMA(close, n))


def check_exponential_average(table: Table, n: int) -> None:
    _, _, close = floats(table)
    (ours,) = streamed(Ema(n), table[3:4], value)
    theirs = talib.EMA(close, n)
    whole = n - 1
    fading = (ours[whole] - theirs[whole]) * (1 - 2 / (n + 1)) ** np.arange(
        -whole, len(close) - whole, dtype=np.float64
    )
    assert_same(ours, theirs + fading, within=1e-6)


def check_macd(table: Table, fast: int, slow: int, signal: int) -> None:
    _, _, close = floats(table)
    faded = 20 * slow
    # their line is not told before its signal is
    ours = streamed(Macd(fast, slow, signal), table[3:4], *(_part(name) for name in ("line", "signal", "histogram")))
    for figure, theirs in zip(ours, talib.MACD(close, fast, slow, signal), strict=True):
        np.testing.assert_array_equal(np.isnan(figure), np.isnan(theirs))
        assert_same(figure[faded:], theirs[faded:], within=1e-6)


def _part(name: str) -> Callable[[Any], float]:
    return lambda indicator: float(getattr(indicator, name))


def check_wilder(table: Table, n: int) -> None:
    high, low, close = floats(table)
    assert_same(streamed(Rsi(n), table[3:4], value)[0], talib.RSI(close, n), within=1e-8)
    assert_same(streamed(Atr(n), table[1:4], value)[0], talib.ATR(high, low, close, n), within=1e-8)


def check_extremes(table: Table, n: int) -> None:
    high, low, close = floats(table)
    np.testing.assert_array_equal(streamed(RollingMax(n), table[3:4], value)[0], talib.MAX(close, n))
    np.testing.assert_array_equal(streamed(RollingMin(n), table[3:4], value)[0], talib.MIN(close, n))
    upper, lower, middle = streamed(Donchian(n), table[1:3], *(_part(name) for name in ("upper", "lower", "middle")))
    np.testing.assert_array_equal(upper, talib.MAX(high, n))
    np.testing.assert_array_equal(lower, talib.MIN(low, n))
    np.testing.assert_array_equal(middle, talib.MIDPRICE(high, low, n))


def check_bollinger(table: Table, n: int) -> None:
    # they subtract squares of prices from each other: distances from the first price keep that rounding small
    first = int(table[3, 0])
    distances = (table[3] - first).astype(np.float64)
    upper, middle, lower = talib.BBANDS(distances, n, 2.5, 2.5)
    ours = streamed(Bollinger(n, 2.5), table[3:4], *(_part(name) for name in ("lower", "middle", "upper")))
    assert_same(ours[1], middle + first)
    rounding = float(4 * np.finfo(np.float64).eps * np.max(distances * distances)) + 1e-6
    for ours_away, theirs_away in ((ours[1] - ours[0], middle - lower), (ours[2] - ours[1], upper - middle)):
        assert_same((ours_away / 2.5) ** 2, (theirs_away / 2.5) ** 2, within=rounding)


def check_stochastic(table: Table, n: int, smooth: int, signal: int) -> None:
    high, low, close = floats(table)
    theirs = talib.STOCH(high, low, close, n, smooth, MA_Type.SMA, signal, MA_Type.SMA)
    ours = streamed(Stochastic(n, smooth, signal), table[1:4], _part("k"), _part("d"))
    for figure, expected in zip(ours, theirs, strict=True):
        assert_same(figure, expected, within=1e-8)


@pytest.mark.parametrize("n", [2, 14, 200])
def test_averages_of_real_prices(real: Table, n: int) -> None:
    check_simple_averages(real, n)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(2, 40))
def test_averages_of_made_prices(table: Table, n: int) -> None:
    check_simple_averages(table, n)


@pytest.mark.parametrize("n", [2, 13, 100])
def test_exponential_averages_of_real_prices(real: Table, n: int) -> None:
    check_exponential_average(real, n)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(2, 40))
def test_exponential_averages_of_made_prices(table: Table, n: int) -> None:
    check_exponential_average(table, n)


@pytest.mark.parametrize(("fast", "slow", "signal"), [(12, 26, 9), (2, 5, 1), (30, 60, 20)])
def test_convergence_of_real_prices(real: Table, fast: int, slow: int, signal: int) -> None:
    check_macd(real, fast, slow, signal)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(2, 3), st.integers(4, 6), st.integers(1, 3))
def test_convergence_of_made_prices(table: Table, fast: int, slow: int, signal: int) -> None:
    check_macd(table, fast, slow, signal)


@pytest.mark.parametrize("n", [2, 14, 100])
def test_wilder_averages_of_real_prices(real: Table, n: int) -> None:
    check_wilder(real, n)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(4, 40))
def test_wilder_averages_of_made_prices(table: Table, n: int) -> None:
    check_wilder(table, n)


@pytest.mark.parametrize("n", [2, 14, 30])
def test_directions_of_real_prices(real: Table, n: int) -> None:
    high, low, close = floats(real)
    faded = 60 * n
    ours = streamed(Adx(n), real[1:4], value, _part("plus_di"), _part("minus_di"))
    theirs = talib.ADX(high, low, close, n), talib.PLUS_DI(high, low, close, n), talib.MINUS_DI(high, low, close, n)
    assert np.flatnonzero(~np.isnan(ours[0]))[0] == np.flatnonzero(~np.isnan(theirs[0]))[0] == 2 * n - 1
    for figure, expected in zip(ours, theirs, strict=True):
        assert_same(figure[faded:], expected[faded:], within=1e-8)


@pytest.mark.parametrize("n", [2, 20, 500])
def test_extremes_of_real_prices(real: Table, n: int) -> None:
    check_extremes(real, n)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(2, 40))
def test_extremes_of_made_prices(table: Table, n: int) -> None:
    check_extremes(table, n)


@pytest.mark.parametrize("n", [2, 20, 200])
def test_bands_of_real_prices(real: Table, n: int) -> None:
    check_bollinger(real, n)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(2, 40))
def test_bands_of_made_prices(table: Table, n: int) -> None:
    check_bollinger(table, n)


@pytest.mark.parametrize(("n", "smooth", "signal"), [(14, 3, 3), (5, 1, 1), (50, 10, 5)])
def test_stochastics_of_real_prices(real: Table, n: int, smooth: int, signal: int) -> None:
    check_stochastic(real, n, smooth, signal)


@settings(max_examples=40, deadline=None)
@given(made(), st.integers(2, 30), st.integers(1, 6), st.integers(1, 6))
def test_stochastics_of_made_prices(table: Table, n: int, smooth: int, signal: int) -> None:
    check_stochastic(table, n, smooth, signal)


def test_vwap_of_real_prices_as_pandas_sums_it(real: Table) -> None:
    (ours,) = streamed(Vwap(), real, value)
    frame = pd.DataFrame(real.T, columns=["time", "high", "low", "close", "volume"]).astype(np.float64)
    days = pd.to_datetime(real[0], unit="ms").date
    turnover = (frame[["high", "low", "close"]].mean(axis=1) * frame["volume"]).groupby(days).cumsum()
    volume = frame["volume"].groupby(days).cumsum()
    np.testing.assert_allclose(ours, (turnover / volume.where(volume > 0)).to_numpy(), rtol=1e-11)
