"""Numbers and progress in words."""

from typing import Any

import pytest
from msgspec import structs

from server.client import words
from server.contract.base import plain
from server.contract.requests import Axis
from server.contract.run import Leader, RunSnapshot
from tests.states import state_of


def running(**changes: Any) -> RunSnapshot:
    """A backtest under way, with this state."""
    snapshot = state_of()
    return structs.replace(snapshot, state=structs.replace(snapshot.state, **changes))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0.00"), (12345.678, "12,345.68"), (-0.1544, "-0.1544"), (1.0, "1.00")],
)
def test_amounts_keep_what_matters(value: float | None, text: str) -> None:
    assert words.amount(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.9, "9.9 s"), (12.4, "12 s"), (59.6, "1:00"), (125, "2:05"), (3725, "1:02:05")],
)
def test_spans_of_time_are_short(seconds: float, text: str) -> None:
    assert words.span(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "less than 1 ms"), (0.04, "40 ms"), (0.9994, "999 ms"), (0.9996, "1.0 s"), (12.4, "12 s")],
)
def test_what_took_less_than_a_second_is_told_in_milliseconds(seconds: float, text: str) -> None:
    assert words.took(seconds) == text


@pytest.mark.parametrize(("place", "text"), [(None, ""), (1, ""), (2, ", place 2 in the queue")])
def test_the_place_is_told_when_others_are_before_it(place: int | None, text: str) -> None:
    assert words.waiting(place) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(0.42, "0.4/s"), (12, "12/s"), (1_240, "1,240/s"), (34_700, "34.7 k/s"), (1.2e6, "1.2 M/s"), (2e9, "2 G/s")],
)
def test_rates_have_three_figures(rate: float, text: str) -> None:
    assert words.per_second(rate) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e-08, "0.00000001"), (1e9, "1000000000"), (0.5, "0.5"), (5e-06, "0.000005"), (3, "3"), (True, "true")],
)
def test_values_are_shown_as_they_are_typed(value: Any, text: str) -> None:
    assert plain(value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 byte"), (800, "800 bytes"), (1_500, "1.5 KB"), (3_400_000, "3.4 MB"), (7_928_160_000, "7.9 GB")],
)
def test_sizes_are_told_in_the_unit_that_fits(count: int, text: str) -> None:
    assert words.size(count) == text


def test_axes_are_shown_as_they_are_typed() -> None:
    axes = {"fast": Axis(min=5, max=50, step=5), "slow": Axis(values=[20, 50]), "mode": Axis(fixed="long")}
    assert words.axes(axes) == "fast=5:50:5 slow=20,50 mode=long"


def test_a_backtest_tells_bars_rate_and_what_is_left() -> None:
    snapshot = running(processed=120, total=1000, rate_per_second=50.0, eta_seconds=17.6)
    assert words.progress(snapshot) == "Processed 120 / 1,000 Bars (12%), 50/s, 18 s left"


def test_an_optimization_tells_failures_and_the_best() -> None:
    best = Leader(trial_key="t", parameters={"fastPeriod": 5, "quantity": 1}, value=1.5)
    axes = {"fastPeriod": Axis(min=5, max=50), "quantity": Axis(fixed=1)}
    snapshot = running(processed=7, failed=2, skipped=1, total=40, best=best)
    snapshot = structs.replace(snapshot, run=structs.replace(snapshot.run, unit="combinations", axes=axes))
    assert words.progress(snapshot) == "Processed 10 / 40 Combinations (25%), 2 failed, best 1.50 (fastPeriod=5)"


def test_what_has_ended_has_neither_rate_nor_time_left() -> None:
    snapshot = running(status="Failed", processed=120, total=1000, rate_per_second=50.0, eta_seconds=17.6)
    assert words.progress(snapshot) == "Processed 120 / 1,000 Bars (12%)"


def test_the_end_is_not_rounded_up_to() -> None:
    assert (words.share(999, 1000), words.share(1000, 1000), words.share(0, 0)) == ("99%", "100%", "–")


def test_a_run_asked_to_stop_says_so() -> None:
    assert words.heading(running(phase="simulating")) == "Running, simulating"
    assert words.heading(running(phase="simulating", cancel_requested=True)) == "Running, stopping"
    assert words.heading(running(status="Cancelled", phase="simulating", cancel_requested=True)) == "Cancelled"
