"""When a sweep ends before its last trial."""

from collections.abc import Iterable
from typing import Final

from msgspec import UNSET

from server.contract.requests import StopRules
from server.optimization.leaders import larger_leads

TIME_BUDGET: Final = "timeBudget"
TARGET: Final = "targetReached"
STAGNATION: Final = "noImprovement"


class Stopping:
    """Says when it is enough, by what trials came to in the order of their numbers."""

    def __init__(self, rules: StopRules, sort_by: str) -> None:
        self._rules = rules
        self._sign = 1.0 if larger_leads(sort_by) else -1.0
        self._best: float | None = None
        self._since = 0

    def count(self, values: Iterable[float | None]) -> None:
        """The next trials by what they are ranked by; None of those that have no value, or may not lead."""
        for value in values:
            score = None if value is None else self._sign * value
            if score is not None and (self._best is None or score > self._best):
                self._best, self._since = score, 0
            else:
                self._since += 1

    @property
    def reason(self) -> str | None:
        """Which rule says that it is enough, None for none."""
        target, patience = self._rules.target_metric, self._rules.no_improvement_trials
        if target is not UNSET and self._best is not None and self._best >= self._sign * target:
            return TARGET
        if patience is not UNSET and self._since >= patience:
            return STAGNATION
        return None
