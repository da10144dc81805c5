"""Which state of a run may follow which."""

from typing import Final

from server.contract.run import RunStatus

TRANSITIONS: Final[dict[RunStatus, frozenset[RunStatus]]] = {
    "Pending": frozenset({"Running", "Failed", "Cancelled"}),
    "Running": frozenset({"Completed", "Failed", "Cancelled"}),
    "Completed": frozenset(),
    "Failed": frozenset(),
    "Cancelled": frozenset(),
}


class IllegalTransition(Exception):
    """A bug: a state that cannot follow was about to."""

    def __init__(self, run_key: str, before: RunStatus, after: RunStatus) -> None:
        super().__init__(f"{run_key}: {before} cannot become {after}")
        self.run_key = run_key
        self.before = before
        self.after = after


def check_transition(run_key: str, before: RunStatus, after: RunStatus) -> None:
    """Raises IllegalTransition unless `after` may follow `before`; staying is always allowed while not terminal."""
    if after in TRANSITIONS[before] or (before == after and TRANSITIONS[before]):
        return
    raise IllegalTransition(run_key, before, after)
