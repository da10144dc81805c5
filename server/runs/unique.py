"""Counts the sets of parameters of which none is the same work as another."""

import asyncio
from collections.abc import Sequence
from typing import Final

from server.execution.port import Executor
from server.execution.tasks import CountDone, CountTask
from server.optimization.conditions import Condition
from server.optimization.selection import EXACT, Counted
from server.optimization.space import Space
from server.runs.groundwork import Groundwork

_BUDGET_S: Final = 1.5
_SAMPLE_BUDGET_S: Final = 0.02
_SAMPLE: Final = 1_000
_MOST_SETS: Final = 2**63
"""Sets beyond are not numbered in 64 bits, and so no sample is drawn of them."""
_PATIENCE_S: Final = 2.0


async def count_unique(
    executor: Executor, ground: Groundwork, space: Space, conditions: Sequence[Condition], counted: Counted
) -> Counted:
    """How many of the counted sets are left when equivalent ones count as one, by what a worker finds out.

    Within two seconds, and of more than a million sets within a moment, by a sample; all of them where no worker is
    free.
    """
    if not ground.normalizes or counted.sets == 0:
        return counted
    whole = counted.exact and counted.sets <= EXACT
    unknown = Counted(counted.sets, exact=False)
    if not whole and space.size >= _MOST_SETS:
        return unknown
    task = CountTask(
        strategy=ground.strategy,
        space=space,
        conditions=[condition.text for condition in conditions],
        budget_s=_BUDGET_S if whole else _SAMPLE_BUDGET_S,
        sample=None if whole else _SAMPLE,
    )
    handle = executor.start(task)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            outcome = await handle.outcome()
    except TimeoutError:
        handle.cancel()
        return unknown
    if not isinstance(outcome, CountDone) or outcome.sets == 0:
        return unknown
    if outcome.exact:
        return Counted(outcome.groups, exact=True)
    return Counted(max(1, counted.sets * outcome.groups // outcome.sets), exact=False)
