"""Finds the sets of parameters that a strategy's `normalize` makes one."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from server.contract.base import ParamValue
from server.execution.cell import CellWriter
from server.execution.tasks import CountDone, CountTask, GroupDone, GroupTask, TaskFailed
from server.optimization.conditions import read_conditions
from server.optimization.equivalents import Form, Ints, Normalize, count_groups, grouped, write_groups
from server.optimization.selection import sampled, selected
from server.strategies.errors import is_user_failure
from server.strategies.loading import load_strategy
from server.strategies.strategy import normalize_parameters


class _Cancelled(Exception):
    """The task is to stop."""


def group_sets(task: GroupTask, cell: CellWriter) -> GroupDone | TaskFailed:
    """Writes the groups; raises what importing the strategy raises, OSError when the disk is full."""
    try:
        write_groups(Path(task.path), grouped(_sets(task), task.space, _normalize(task, cell)))
    except _Cancelled:
        return TaskFailed(cause="cancelled", message="cancelled")
    return GroupDone()


def count_sets(task: CountTask, cell: CellWriter) -> CountDone | TaskFailed:
    """Counts the groups; raises what importing the strategy raises."""
    sample = task.sample is not None
    sets = _sets(task) if task.sample is None else sampled(task.space, read_conditions(task.conditions), task.sample)
    try:
        counted = count_groups(sets, task.space, _normalize(task, cell), budget_s=task.budget_s, sample=sample)
    except _Cancelled:
        return TaskFailed(cause="cancelled", message="cancelled")
    return CountDone(sets=len(sets), groups=counted.sets, exact=counted.exact)


def _sets(task: GroupTask | CountTask) -> Ints:
    allowed = selected(task.space, read_conditions(task.conditions))
    return np.arange(task.space.size, dtype=np.int64) if allowed is None else allowed


def _normalize(task: GroupTask | CountTask, cell: CellWriter) -> Normalize:
    cell.enter("evaluating")
    strategy_class = load_strategy(task.strategy)

    def normalize(parameters: Mapping[str, ParamValue]) -> Form:
        if cell.cancelled():
            raise _Cancelled
        try:
            return tuple(normalize_parameters(strategy_class, parameters).values())
        except (Exception, SystemExit) as error:
            if not is_user_failure(error):
                raise
            return tuple(parameters.values())  # that trial tells of it

    return normalize
