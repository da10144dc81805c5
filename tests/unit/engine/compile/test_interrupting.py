"""Time limits of Python reach compiled code that does not end."""

import time

import pytest

from server.optimization.time_limit import TimeLimitExceeded, within
from tests.forms import workshop
from tests.fuzzing import Endless, Fuzz
from tests.trading import run, walk


def test_a_compiled_loop_that_never_ends_is_ended_at_its_time_limit() -> None:
    with pytest.raises(TimeLimitExceeded):
        within(0.2, lambda: run(Endless, walk(10), compiler=workshop()))


def test_compiling_is_no_part_of_the_time() -> None:
    began = time.monotonic()
    with pytest.raises(TimeLimitExceeded):
        within(0.2, lambda: run(Endless, walk(11), compiler=workshop()))
    assert time.monotonic() - began >= 0.2


def test_after_an_interrupted_run_others_are_compiled_and_run() -> None:
    with pytest.raises(TimeLimitExceeded):
        within(0.2, lambda: run(Endless, walk(10), compiler=workshop()))
    assert run(Fuzz, walk(100), compiler=workshop()).mode == "compiled"
