"""The table of states."""

from typing import get_args

import pytest

from server.contract.run import TERMINAL, RunStatus
from server.runs.lifecycle import TRANSITIONS, IllegalTransition, check_transition

ALLOWED = {
    ("Pending", "Pending"),
    ("Pending", "Running"),
    ("Pending", "Failed"),
    ("Pending", "Cancelled"),
    ("Running", "Running"),
    ("Running", "Completed"),
    ("Running", "Failed"),
    ("Running", "Cancelled"),
}


@pytest.mark.parametrize("before", get_args(RunStatus))
@pytest.mark.parametrize("after", get_args(RunStatus))
def test_only_the_table_is_allowed(before: RunStatus, after: RunStatus) -> None:
    if (before, after) in ALLOWED:
        check_transition("key", before, after)
    else:
        with pytest.raises(IllegalTransition):
            check_transition("key", before, after)


def test_nothing_follows_a_terminal_state() -> None:
    assert {status for status, following in TRANSITIONS.items() if not following} == TERMINAL
