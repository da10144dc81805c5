"""Streaming indicators on series that are worked by hand, and what is common to all of them."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from server.strategies import (
    Adx,
    Atr,
    Bollinger,
    Donchian,
    Ema,
    FloatSma,
    Indicator,
    Macd,
    RollingMax,
    RollingMin,
    Rsi,
    Sma,
    Stochastic,
    Vwap,
    Window,
    Wma,
    ZigZag,
)

DAY_MS = 86_400_000

CASES: dict[str, tuple[Callable[[], Any], tuple[int, ...], int]] = {
    "Sma": (lambda: Sma(3), (4,), 3),
    "FloatSma": (lambda: FloatSma(3), (4,), 3),
    "Ema": (lambda: Ema(3), (4,), 3),
    "Wma": (lambda: Wma(3), (4,), 3),
    "Rsi": (lambda: Rsi(3), (4,), 4),
    "Atr": (lambda: Atr(3), (5, 3, 4), 4),
    "Macd": (lambda: Macd(2, 5, 3), (4,), 7),
    "Macd the wrong way round": (lambda: Macd(5, 2, 3), (4,), 7),
    "Bollinger": (lambda: Bollinger(3), (4,), 3),
    "Donchian": (lambda: Donchian(3), (5, 3), 3),
    "RollingMax": (lambda: RollingMax(3), (4,), 3),
    "RollingMin": (lambda: RollingMin(3), (4,), 3),
    "Stochastic": (lambda: Stochastic(3, 2, 4), (5, 3, 4), 7),
    "Adx": (lambda: Adx(3), (5, 3, 4), 6),
    "Vwap": (Vwap, (0, 5, 3, 4, 1), 1),
}
"""How to make one, the columns of a bar that it takes, and after how many bars it is ready."""


def fed(indicator: Any, bars: Iterable[Any]) -> list[Any]:
    """What `update` returns for each of the bars."""
    return [indicator.update(*bar) if isinstance(bar, tuple) else indicator.update(bar) for bar in bars]


@pytest.mark.parametrize("name", CASES)
def test_an_indicator_is_ready_when_its_window_is_full(name: str) -> None:
    make, bar, whole = CASES[name]
    indicator = make()
    readiness = [indicator.ready]
    for _ in range(whole + 2):
        indicator.update(*bar)
        readiness.append(indicator.ready)
    assert readiness == [False] * whole + [True] * 3


@pytest.mark.parametrize("name", [*CASES, "ZigZag"])
def test_an_indicator_keeps_numbers_of_one_type_as_bar_code_must(name: str) -> None:
    make, bar, _ = CASES.get(name, (lambda: ZigZag(ticks=3), (5, 3), 0))
    indicator = make()
    before = {path: type(value) for path, value in state(indicator)}
    for step in range(40):
        indicator.update(*(value + step * step % 7 for value in bar))
    assert set(before.values()) <= {int, float, bool}
    # a whole number in a float's place is the same float in compiled code
    changed = {path: type(value) for path, value in state(indicator) if type(value) is not before[path]}
    assert all(before[path] is float and new is int for path, new in changed.items())


def state(indicator: Indicator) -> Iterable[tuple[str, Any]]:
    """Every number that an indicator holds, by its path."""
    for name, value in vars(indicator).items():
        if isinstance(value, Indicator):
            yield from ((f"{name}.{path}", inner) for path, inner in state(value))
        elif isinstance(value, Window):
            yield from ((f"{name}[{k}]", inner) for k, inner in enumerate(value))
        else:
            yield name, value


@pytest.mark.parametrize("n", [0, -1])
@pytest.mark.parametrize(
    "make", [Sma, FloatSma, Ema, Wma, Rsi, Atr, Bollinger, Donchian, RollingMax, RollingMin, Stochastic, Adx]
)
def test_a_period_of_no_bars_is_refused(make: Callable[[int], Indicator], n: int) -> None:
    with pytest.raises(ValueError, match=f"the period is at least 1, not {n}"):
        make(n)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Macd(0, 26, 9), "the fast period is at least 1, not 0"),
        (lambda: Macd(12, -3, 9), "the slow period is at least 1, not -3"),
        (lambda: Macd(12, 26, 0), "the signal period is at least 1, not 0"),
        (lambda: Stochastic(14, 0), "the smoothing period is at least 1, not 0"),
        (lambda: Stochastic(14, 3, 0), "the signal period is at least 1, not 0"),
        (lambda: Bollinger(20, -0.5), "from 0 on, not -0.5"),
        (lambda: Bollinger(20, math.nan), "from 0 on, not nan"),
        (lambda: Bollinger(20, math.inf), "from 0 on, not inf"),
        (lambda: ZigZag(), "either percent= or ticks="),
        (lambda: ZigZag(percent=5.0, ticks=5), "either percent= or ticks="),
        (lambda: ZigZag(percent=100.0), "below 100 percent, not 100.0"),
        (lambda: ZigZag(percent=-1.0), "above 0 and below 100 percent, not -1.0"),
        (lambda: ZigZag(percent=math.nan), "not nan"),
        (lambda: ZigZag(ticks=-1), "at least 1 tick, not -1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(make: Callable[[], Indicator], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        make()


@pytest.mark.parametrize("make", [Sma, FloatSma, Ema, Wma])
def test_an_average_of_nothing_is_0(make: Callable[[int], Any]) -> None:
    assert make(3).value == 0.0


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: Sma(3), [1, 1.5, 7 / 3, 14 / 3]),
        (lambda: FloatSma(3), [1, 1.5, 7 / 3, 14 / 3]),
        (lambda: Ema(3), [1, 1.5, 2.75, 5.375]),
        (lambda: Wma(3), [1, 5 / 3, 17 / 6, 34 / 6]),
        (lambda: RollingMax(2), [1, 2, 4, 8]),
        (lambda: RollingMin(2), [1, 1, 2, 4]),
    ],
)
def test_figures_of_a_series_that_doubles(make: Callable[[], Any], expected: list[float]) -> None:
    assert fed(make(), [1, 2, 4, 8]) == pytest.approx(expected)


def test_rsi_falls_as_wilder_reckons() -> None:
    # up 2, down 1: averages 1 and 0.5; then up 3: (1 + 3) / 2 and 0.25; then down 4: 1 and (0.25 + 4) / 2
    assert fed(Rsi(2), [10, 12, 11, 14, 10]) == pytest.approx([50, 100, 200 / 3, 100 * 2 / 2.25, 100 / 3.125])


def test_rsi_is_50_while_nothing_moves_and_at_its_ends_when_all_goes_one_way() -> None:
    assert fed(Rsi(3), [7] * 6) == [50.0] * 6
    assert fed(Rsi(3), range(7, 13))[-1] == 100.0
    assert fed(Rsi(3), range(13, 7, -1))[-1] == 0.0


def test_a_true_range_reaches_to_the_close_before() -> None:
    bars = [(12, 10, 11), (20, 18, 19), (19, 17, 18), (5, 4, 4)]
    # 20 - 11 = 9; 19 - 17 = 2; 18 - 4 = 14
    assert fed(Atr(2), bars) == [0.0, 9.0, 5.5, 9.75]


def test_macd_is_above_its_signal_while_prices_gain_speed() -> None:
    macd = Macd(2, 4, 3)
    fed(macd, [1, 2, 4, 8, 16, 32, 64])
    assert macd.line > macd.signal
    assert macd.histogram == macd.line - macd.signal


def test_macd_s_signal_begins_with_the_first_line_of_whole_averages() -> None:
    macd = Macd(2, 4, 3)
    lines = fed(macd, [10, 20, 30])
    assert macd.signal == 0.0
    lines += fed(macd, [40])
    assert macd.signal == lines[-1]


def test_bands_lie_at_population_deviations_from_the_mean() -> None:
    bollinger = Bollinger(4, 2.0)
    assert bollinger.bands() == (0.0, 0.0, 0.0)
    fed(bollinger, [100, 2, 4, 4, 6])
    assert bollinger.deviation == math.sqrt(2)
    assert bollinger.bands() == (4 - 2 * math.sqrt(2), 4.0, 4 + 2 * math.sqrt(2))


def test_bands_meet_exactly_after_any_history_when_prices_stand_still() -> None:
    bollinger = Bollinger(20)
    fed(bollinger, [k * k % 999_983 for k in range(10_000)])
    fed(bollinger, [1_234_567] * 20)
    assert bollinger.bands() == (1_234_567.0, 1_234_567.0, 1_234_567.0)


def test_sums_of_bands_stay_within_64_bits_for_prices_of_8_decimals() -> None:
    bollinger = Bollinger(1000)
    fed(bollinger, [10_000_000_000 + 40_000_000 * (k % 3) for k in range(3_000)])
    assert abs(bollinger.squares) < 2**63
    assert abs(bollinger.total) < 2**63


def test_a_channel_holds_the_newest_bar() -> None:
    channel = Donchian(2)
    fed(channel, [(5, 1), (4, 2), (9, 3)])
    assert (channel.upper, channel.lower, channel.middle) == (9, 2, 5.5)


def test_a_stochastic_is_smoothed_and_averaged() -> None:
    stochastic = Stochastic(2, 2, 2)
    # 10 of 20, 20 of 20, 0 of 10
    assert fed(stochastic, [(20, 0, 10), (20, 10, 20), (20, 10, 10)]) == [50.0, 75.0, 50.0]
    assert stochastic.d == 62.5


def test_a_stochastic_is_50_where_nothing_moved() -> None:
    assert fed(Stochastic(2, 1, 1), [(7, 7, 7)] * 3) == [50.0] * 3


def test_adx_is_100_when_prices_only_rise() -> None:
    adx = Adx(3)
    fed(adx, [(10 + k, 8 + k, 9 + k) for k in range(8)])
    # each bar 1 higher, its true range 2
    assert (adx.value, adx.plus_di, adx.minus_di) == (100.0, 50.0, 0.0)
    assert adx.ready


def test_adx_is_0_without_movement() -> None:
    adx = Adx(3)
    fed(adx, [(7, 7, 7)] * 8)
    assert (adx.value, adx.plus_di, adx.minus_di) == (0.0, 0.0, 0.0)


def test_of_two_equal_movements_adx_counts_neither() -> None:
    adx = Adx(1)
    fed(adx, [(10, 8, 9), (12, 6, 9)])
    assert (adx.plus_di, adx.minus_di) == (0.0, 0.0)


def test_vwap_begins_anew_with_the_utc_day() -> None:
    vwap = Vwap()
    assert fed(vwap, [(0, 12, 6, 9, 1), (1, 24, 12, 18, 2)]) == [9.0, 15.0]
    assert fed(vwap, [(DAY_MS - 1, 24, 12, 18, 0), (DAY_MS, 6, 6, 6, 5)]) == [15.0, 6.0]


def test_vwap_is_the_newest_price_and_not_ready_until_there_is_volume() -> None:
    vwap: Any = Vwap()
    assert fed(vwap, [(0, 12, 6, 9, 0)]) == [9.0]
    assert not vwap.ready
    fed(vwap, [(1, 12, 6, 9, 3)])
    assert vwap.ready
    fed(vwap, [(DAY_MS, 12, 6, 9, 0)])
    assert not vwap.ready


def test_a_zigzag_tells_a_pivot_when_prices_have_turned_far_enough() -> None:
    zigzag = ZigZag(ticks=10)
    told = fed(zigzag, [(100, 99), (105, 101), (111, 106), (115, 110), (112, 106), (109, 105)])
    assert told == [0, 0, -1, 0, 0, 1]
    assert (zigzag.pivot, zigzag.pivot_bar, zigzag.leg) == (115, 3, -1)
    assert (zigzag.lowest, zigzag.lowest_bar) == (105, 5)


def test_a_zigzag_by_percent_measures_from_the_pivot() -> None:
    zigzag = ZigZag(percent=5)
    assert fed(zigzag, [(100, 100), (104, 104), (105, 105), (100, 100), (99, 99)]) == [0, 0, -1, 0, 1]
    assert zigzag.pivot == 105


def test_a_pivot_never_moves() -> None:
    zigzag = ZigZag(ticks=10)
    fed(zigzag, [(100, 100), (110, 110), (120, 120), (110, 110)])
    assert (zigzag.pivot, zigzag.pivot_bar) == (120, 2)
    fed(zigzag, [(119, 118), (100, 95), (104, 96)])
    assert (zigzag.pivot, zigzag.pivot_bar) == (120, 2)
    fed(zigzag, [(105, 100)])
    assert (zigzag.pivot, zigzag.pivot_bar) == (95, 5)


def test_a_bar_that_goes_on_never_turns_a_zigzag() -> None:
    zigzag = ZigZag(ticks=10)
    assert fed(zigzag, [(100, 100), (110, 110), (130, 90), (125, 119)]) == [0, -1, 0, 1]
    assert (zigzag.pivot, zigzag.pivot_bar) == (130, 2)


@pytest.mark.parametrize(("bar", "told"), [((106, 92), 1), ((108, 94), -1), ((107, 93), 0)])
def test_of_two_first_turns_in_a_bar_the_larger_is_told(bar: tuple[int, int], told: int) -> None:
    assert fed(ZigZag(ticks=5), [(101, 99), bar]) == [0, told]
