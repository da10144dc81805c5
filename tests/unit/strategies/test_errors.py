"""Failures of a user's code, as the user is told of them."""

import pickle
from pathlib import Path
from types import ModuleType

import pytest

from server.strategies import errors
from server.strategies.errors import StrategyError, is_user_failure, strategy_error, user_place, user_trace
from server.strategies.loading import import_frozen

CODE = """
class Stop(Exception):
    pass

def one():
    raise Stop("first")

def two():
    try:
        one()
    except Stop as error:
        raise ValueError("second") from error

def grouped():
    raise ExceptionGroup("several", [Stop("a"), KeyError("b")])

def deep(n):
    return deep(n + 1)
"""
HASH = "ab" * 32


@pytest.fixture(scope="module")
def user(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A module as it is imported from a frozen copy."""
    folder = tmp_path_factory.mktemp("sources") / HASH
    folder.mkdir()
    (folder / "probe.py").write_text(CODE)
    return import_frozen(folder, HASH, "probe")


def raised(user: ModuleType, name: str, *arguments: int) -> BaseException:
    try:
        getattr(user, name)(*arguments)
    except Exception as error:  # noqa: BLE001  # whichever it is
        return error
    raise AssertionError(name)


def test_a_class_of_the_user_is_called_as_in_the_file(user: ModuleType) -> None:
    failure = strategy_error(raised(user, "one"), bar=3, bar_time_ms=0)
    assert failure.message == "probe.Stop: first (at bar 3)"
    assert failure.stack_trace.endswith("probe.Stop: first\n")


def test_a_trace_holds_causes_and_names_files_without_their_folders(user: ModuleType, tmp_path: Path) -> None:
    trace = user_trace(raised(user, "two"))
    assert 'File "probe.py", line 12, in two' in trace
    assert "probe.Stop: first" in trace
    assert "direct cause" in trace
    assert HASH not in trace
    assert str(tmp_path.parent) not in trace


def test_a_group_is_told_with_its_members(user: ModuleType) -> None:
    failure = strategy_error(raised(user, "grouped"))
    assert "several" in failure.message
    assert "KeyError" in failure.stack_trace
    assert HASH not in failure.stack_trace


def test_the_place_is_the_users_innermost_line(user: ModuleType) -> None:
    assert user_place(raised(user, "one")) == ("probe.py", 6)
    assert user_place(ValueError("never raised")) is None


def test_a_recursion_is_told_in_few_words(user: ModuleType) -> None:
    failure = strategy_error(raised(user, "deep", 0))
    assert failure.message.startswith("RecursionError")
    assert len(failure.stack_trace) < 5_000


def test_what_fails_without_the_user_is_not_the_users_fault(user: ModuleType) -> None:
    assert is_user_failure(raised(user, "one"))
    assert not is_user_failure(MemoryError())
    assert not is_user_failure(ValueError("never raised"))


def test_a_failure_survives_the_way_between_processes() -> None:
    failure = StrategyError("it broke", "Traceback", bar=7, bar_time_ms=1000)
    copy = pickle.loads(pickle.dumps(failure))
    assert (copy.message, copy.stack_trace, copy.bar, copy.bar_time_ms) == ("it broke", "Traceback", 7, 1000)


def test_an_error_of_this_package_is_told_by_its_name_alone() -> None:
    told = errors.plain_names("Traceback:\n  server.x\nserver.strategies.errors.NotBuiltYet: market orders only\n")
    assert told == "Traceback:\n  server.x\nNotBuiltYet: market orders only\n"
