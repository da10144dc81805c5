"""Chooses the agenda of a sweep by its method and its rules."""

from collections.abc import Callable
from typing import Final

from msgspec import UNSET

from server.contract.requests import StopRules
from server.optimization.conditions import read_conditions
from server.optimization.equivalents import Groups
from server.optimization.leaders import larger_leads
from server.optimization.search import BATCH, LEARNING, Search
from server.optimization.selection import selected
from server.optimization.visits import visits_of
from server.runs.agenda import Agenda, Fixed, Ints
from server.runs.batches import Batched, Listed
from server.runs.stopping import Stopping
from server.runs.sweep_messages import SweepPlan

_LARGEST_BATCH: Final = 4_096


def agenda_of(
    plan: SweepPlan, stored: Ints, groups: Groups | None = None, *, interrupted: Callable[[], bool] = lambda: False
) -> Agenda:
    """What a sweep has to run where the sets `stored` (rising) are finished already; `groups` of equivalent ones.

    Sets of windows are numbered as by `visits_of`. `interrupted`: as of Search.
    """
    if groups is not None:
        return Fixed(plan.total, groups.sets, stored, groups=groups.groups)
    allowed = selected(plan.space, read_conditions(plan.conditions))
    windows = 1 if plan.windows is None else len(plan.windows.windows)
    stopping = Stopping(plan.stop_rules, plan.ranking.sort_by)
    if plan.method in LEARNING:
        larger = [one.direction == "max" for one in plan.objectives] or [larger_leads(plan.ranking.sort_by)]
        search = Search(plan.method, plan.space, allowed, seed=plan.seed, larger=larger, interrupted=interrupted)
        return Batched(plan.total, search, stored, stopping)
    visits = visits_of(plan.method, plan.space, allowed, plan.total, plan.seed, windows=windows)
    if plan.stop_rules == StopRules():
        return Fixed(plan.total, visits, stored, windows=windows)
    return Batched(plan.total, Listed(plan.total, visits), stored, stopping, largest_batch=_largest(plan.stop_rules))


def _largest(rules: StopRules) -> int:
    """No batch is much longer than the patience of the rules."""
    patience = rules.no_improvement_trials
    return _LARGEST_BATCH if patience is UNSET else max(BATCH, min(patience, _LARGEST_BATCH))
