"""Durations are counted by how long they were."""

import math

from server.timing import Timing


def test_each_duration_is_counted_in_every_bound_that_it_does_not_exceed() -> None:
    timing = Timing([0.01, 0.1])
    for seconds in (0.005, 0.01, 0.05, 3.0):
        timing.note(seconds)
    assert timing.up_to() == [(0.01, 2), (0.1, 3), (math.inf, 4)]
    assert timing.count == 4
    assert timing.total_s == 3.065


def test_what_was_never_noted_is_none() -> None:
    timing = Timing()
    assert (timing.count, timing.total_s) == (0, 0.0)
    assert {count for _, count in timing.up_to()} == {0}
