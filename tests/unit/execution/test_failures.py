"""What the end of a task means."""

import errno
import signal

import pytest

from server.contract.problems import InvalidRequest
from server.execution.failures import TaskCancelledError, death, failure_of
from server.execution.output import BoundedOutput
from server.strategies.errors import StrategyError


def chained(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "cause", "told"),
    [
        (TaskCancelledError(), "cancelled", "cancelled"),
        (StrategyError("ValueError: no (at bar 3)", "Traceback"), "raised", "ValueError: no (at bar 3)"),
        (OSError(errno.ENOSPC, "No space"), "refused", "The disk is full."),
        (OSError(errno.EDQUOT, "Quota"), "refused", "The disk is full."),
        (InvalidRequest("empty_period", "startTime", "no bars"), "refused", "startTime: no bars"),
        (MemoryError(), "memory", "needed more memory than the system has"),
        (chained(StrategyError("x", "y"), MemoryError()), "memory", "needed more memory than the system has"),
        (FileNotFoundError(2, "No such file", "bars.npy"), "raised", "FileNotFoundError: [Errno 2]"),
    ],
)
def test_an_error_becomes_the_outcome_that_it_means(error: BaseException, cause: str, told: str) -> None:
    failure = failure_of(error)
    assert failure.cause == cause
    assert failure.message.startswith(told)


def test_the_fields_at_fault_are_kept() -> None:
    failure = failure_of(InvalidRequest("parameter_out_of_bounds", "strategyParameters.period", "must be 1"))
    assert failure.code == "parameter_out_of_bounds"
    assert failure.errors == [("strategyParameters.period", "must be 1")]


def test_a_full_disk_has_its_code() -> None:
    assert failure_of(OSError(errno.ENOSPC, "No space")).code == "disk_full"


def test_texts_are_bounded_and_can_be_sent() -> None:
    failure = failure_of(StrategyError("x" * 10**6, "\ud800" + "y" * 10**6))
    assert len(failure.message) < 5_000
    assert failure.stack_trace is not None
    assert len(failure.stack_trace) < 70_000
    failure.stack_trace.encode()


@pytest.mark.parametrize(
    ("exit_code", "told"),
    [(-signal.SIGKILL, "SIGKILL"), (-signal.SIGSEGV, "SIGSEGV"), (-99, "signal 99"), (3, "exit code 3"),
     (0, "exit code 0"), (None, "without a trace")],
)  # fmt: skip
def test_a_death_is_told_by_its_exit_code(exit_code: int | None, told: str) -> None:
    failure = death(exit_code)
    assert failure.cause == "died"
    assert told in failure.message


def test_output_is_kept_up_to_a_limit_and_the_rest_counted() -> None:
    output = BoundedOutput(10)
    assert output.write("12345678") == 8
    assert output.text() == "12345678"
    for _ in range(1000):
        assert output.write("abcd") == 4
    assert output.text() == "12345678ab\n[3998 more characters were printed and not kept]\n"
