"""Records a trial that ended its worker, in the file of a chunk of its own."""

from pathlib import Path

import numpy as np

from server.contract.identity import family_of, trial_key
from server.contract.requests import DATA_AXIS
from server.contract.results import METRIC_NAMES
from server.engine.tables import TRIAL_STATUSES
from server.execution.tasks import TaskFailed
from server.optimization.trial_table import TrialFailure
from server.runs.sweep_messages import SweepPlan
from server.store.trial_files import Chunk, write_chunk


def write_lost_trial(plan: SweepPlan, index: int, pick: int, failure: TaskFailed) -> str:
    """Writes the one-row chunk of trial `index`, the set `pick` of the space.

    Returns its trialKey, of the parameters as they were submitted.
    """
    parameters = plan.space.at(pick)
    identity = plan.markets[plan.space.market_of(pick)].identity if plan.markets else plan.identity
    named = (plan.strategy.name, plan.strategy.version, plan.start_ms, plan.end_ms, identity)
    key = trial_key(*named, {name: value for name, value in parameters.items() if name != DATA_AXIS})
    status = "TimedOut" if failure.cause == "timeout" else "Failed"
    chunk = Chunk(
        index=np.array([index], dtype="<i8"),
        status=np.array([TRIAL_STATUSES.index(status)], dtype="<u1"),
        duration_ms=np.array([np.nan]),
        fitness=np.array([np.nan]),
        metrics=np.full((1, len(METRIC_NAMES)), np.nan),
        trial_key=np.array([key.encode()], dtype="S24"),
        reused=np.zeros(1, dtype=bool),
        error=np.zeros(1, dtype="<i4"),
        parameters={name: np.array([value]) for name, value in parameters.items()},
        errors=[TrialFailure(failure.message, failure.stack_trace)],
        family=np.array([family_of(*named).encode()], dtype="S24"),
    )
    write_chunk(Path(plan.result_dir), chunk)
    return key
