"""When a sweep ends before its last trial."""

from typing import Final

from msgspec import UNSET

from server.contract.requests import StopRules
from server.optimization.leaders import Standings, larger_leads

TIME_BUDGET: Final = "timeBudget"
TARGET: Final = "targetReached"
STAGNATION: Final = "noImprovement"


def stop_reason(standings: Standings, sort_by: str, rules: StopRules) -> str | None:
    """Which rule says that it is enough, None for none. Trials that are under way by then still count."""
    best = standings.best
    if best is not None and best.value is not None and rules.target_metric is not UNSET:
        reached = best.value >= rules.target_metric if larger_leads(sort_by) else best.value <= rules.target_metric
        if reached:
            return TARGET
    if rules.no_improvement_trials is not UNSET and standings.stagnation >= rules.no_improvement_trials:
        return STAGNATION
    return None
