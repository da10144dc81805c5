"""How fast, and how long still."""

import pytest

from server.runs.rates import RateMeter


def test_a_steady_count_gives_its_rate() -> None:
    meter = RateMeter()
    for step in range(11):
        meter.add(step * 0.1, step * 50)
    assert meter.per_second == pytest.approx(500)
    assert meter.eta_s(1000) == pytest.approx(2.0)


def test_a_new_pace_is_taken_over_within_seconds() -> None:
    meter = RateMeter()
    for second in range(10):
        meter.add(second, second * 100)
    for second in range(10, 20):
        meter.add(second, 900 + (second - 9) * 1000)
    assert meter.per_second == pytest.approx(1000, rel=0.05)


def test_one_sample_and_no_movement_give_no_estimate() -> None:
    meter = RateMeter()
    meter.add(0, 0)
    assert (meter.per_second, meter.eta_s(10)) == (None, None)
    meter.add(1, 0)
    assert (meter.per_second, meter.eta_s(10)) == (0.0, None)


def test_a_clock_that_stands_still_changes_nothing() -> None:
    meter = RateMeter()
    meter.add(0, 0)
    meter.add(1, 10)
    meter.add(1, 20)
    assert meter.per_second == 10.0
