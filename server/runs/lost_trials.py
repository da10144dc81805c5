"""Records a trial that ended its worker, in the file of a chunk of its own."""

from pathlib import Path

import msgspec
import numpy as np

from server.contract.identity import trial_key
from server.contract.results import METRIC_NAMES
from server.engine.tables import TRIAL_STATUSES, write_columns
from server.execution.tasks import TaskFailed
from server.runs.sweep_messages import SweepPlan


def write_lost_trial(plan: SweepPlan, index: int, pick: int, failure: TaskFailed) -> str:
    """Writes the one-row chunk of trial `index`, the set `pick` of the space.

    Returns its trialKey, of the parameters as they were submitted.
    """
    parameters = plan.space.at(pick)
    key = trial_key(plan.strategy.name, plan.strategy.version, plan.start_ms, plan.end_ms, plan.identity, parameters)
    status = "TimedOut" if failure.cause == "timeout" else "Failed"
    error = {"message": failure.message, "stackTrace": failure.stack_trace}
    columns = {
        "index": np.array([index], dtype="<i8"),
        "status": np.array([TRIAL_STATUSES.index(status)], dtype="<u1"),
        "duration_ms": np.array([np.nan]),
        "fitness": np.array([np.nan]),
        "metrics": np.full((1, len(METRIC_NAMES)), np.nan),
        "trial_key": np.array([key.encode()], dtype="S24"),
        "reused": np.zeros(1, dtype=bool),
        "error": np.zeros(1, dtype="<i4"),
        "errors": np.frombuffer(msgspec.json.encode([error]), dtype="<u1"),
        **{f"param:{_snake(name)}": np.array([value]) for name, value in parameters.items()},
    }
    write_columns(Path(plan.result_dir) / f"trials-{index:09d}.npz", columns)
    return key


def _snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
