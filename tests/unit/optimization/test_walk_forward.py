"""Windows, what is left of their profits out of sample, and their curves as one; by hand."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.engine.tables import EQUITY_DTYPE
from server.optimization.walk_forward import Earned, cut, efficiency, measure_stitched, stitch

DAY_MS = 86_400_000


def curve(*equity: float, first_day: int = 0) -> npt.NDArray[Any]:
    rows = np.zeros(len(equity), dtype=EQUITY_DTYPE)
    rows["ts"] = (first_day + np.arange(len(equity))) * DAY_MS
    rows["equity"] = equity
    return rows


def spans(bars: int, windows: int, pct: float, *, anchored: bool = False) -> list[tuple[int, int, int]]:
    cuts = cut(bars, windows, pct, anchored=anchored)
    assert all(one.in_sample.stop == one.out_of_sample.first for one in cuts)
    return [(one.in_sample.first, one.in_sample.stop, one.out_of_sample.stop) for one in cuts]


def test_windows_move_on_by_their_part_out_of_sample() -> None:
    assert spans(80, 4, 20.0) == [(0, 40, 50), (10, 50, 60), (20, 60, 70), (30, 70, 80)]


def test_anchored_windows_all_begin_with_the_first_bar() -> None:
    assert spans(80, 4, 20.0, anchored=True) == [(0, 40, 50), (0, 50, 60), (0, 60, 70), (0, 70, 80)]


def test_one_window_is_cut_once() -> None:
    assert spans(10, 1, 30.0) == [(0, 7, 10)]


def test_what_does_not_divide_goes_to_the_part_in_sample() -> None:
    assert spans(83, 4, 20.0) == [(0, 43, 53), (10, 53, 63), (20, 63, 73), (30, 73, 83)]


@pytest.mark.parametrize(("bars", "windows", "pct"), [(3, 1, 50.0), (10, 9, 50.0), (10, 1, 1.0), (10, 1, 99.9)])
def test_windows_of_too_few_bars_are_refused(bars: int, windows: int, pct: float) -> None:
    with pytest.raises(ValueError, match="too few"):
        cut(bars, windows, pct, anchored=False)


@given(st.integers(4, 5_000), st.integers(1, 40), st.floats(1.0, 99.0), st.booleans())
def test_parts_out_of_sample_lie_end_to_end_behind_those_in_sample(
    bars: int, windows: int, pct: float, anchored: bool
) -> None:
    try:
        cuts = cut(bars, windows, pct, anchored=anchored)
    except ValueError:
        return
    assert len(cuts) == windows
    assert cuts[0].in_sample.first == 0
    assert cuts[-1].out_of_sample.stop == bars
    assert all(one.out_of_sample.stop == next_.out_of_sample.first for one, next_ in pairwise(cuts))
    assert len({one.out_of_sample.bars for one in cuts}) == 1
    window = cuts[0].out_of_sample.stop
    assert cuts[0].out_of_sample.bars <= window * pct / 100.0 + 1e-9


def test_efficiency_is_the_share_of_the_profit_a_bar_that_is_left() -> None:
    assert efficiency([Earned(400.0, 40)], [Earned(50.0, 10)]) == 0.5
    assert efficiency([Earned(400.0, 40)], [Earned(-100.0, 10)]) == -1.0
    assert efficiency([Earned(400.0, 40), Earned(0.0, 40)], [Earned(50.0, 10), Earned(50.0, 10)]) == 1.0


def test_of_no_profit_in_sample_nothing_can_be_left() -> None:
    assert efficiency([Earned(0.0, 40)], [Earned(50.0, 10)]) is None
    assert efficiency([Earned(-1.0, 40)], [Earned(50.0, 10)]) is None
    assert efficiency([], []) is None


def test_a_stitched_curve_keeps_the_returns_of_its_parts() -> None:
    whole = stitch([curve(110.0, 120.0), curve(90.0, 110.0, first_day=2)], 100.0)
    assert whole["equity"].tolist() == pytest.approx([110.0, 120.0, 108.0, 132.0])
    assert whole["ts"].tolist() == [0, DAY_MS, 2 * DAY_MS, 3 * DAY_MS]
    assert whole["drawdown"].tolist() == pytest.approx([0.0, 0.0, -10.0, 0.0])


def test_what_ended_without_equity_stays_there() -> None:
    whole = stitch([curve(50.0, -10.0), curve(200.0, 300.0, first_day=2)], 100.0)
    assert whole["equity"].tolist() == [50.0, -10.0, 0.0, 0.0]


def test_stitching_leaves_the_parts_as_they_are() -> None:
    parts = [curve(110.0), curve(90.0)]
    stitch(parts, 100.0)
    assert [part["equity"].tolist() for part in parts] == [[110.0], [90.0]]


def test_a_stitched_curve_is_measured_as_any_other() -> None:
    metrics = measure_stitched(curve(110.0, 99.0, 121.0), 100.0, 0.0, trades=7, fills=15)
    assert (metrics.net_profit, metrics.final_equity, metrics.total_return_pct) == pytest.approx((21.0, 121.0, 21.0))
    assert (metrics.max_drawdown, metrics.max_drawdown_pct, metrics.max_drawdown_bars) == pytest.approx(
        (-11.0, -10.0, 1)
    )
    returns = np.array([0.1, -0.1, 121.0 / 99.0 - 1.0])
    assert metrics.sharpe_ratio == pytest.approx(returns.mean() / returns.std() * np.sqrt(365.25))
    assert metrics.annual_return_pct == pytest.approx((1.21 ** (365.25 / 3) - 1) * 100)
    assert (metrics.total_trades, metrics.total_fills) == (7, 15)


def test_any_amount_of_money_can_be_measured() -> None:
    for amount in (1e-3, 1e18):
        metrics = measure_stitched(curve(1.1 * amount, 1.2 * amount), amount, 0.0, trades=0, fills=0)
        assert metrics.total_return_pct == pytest.approx(20.0)
