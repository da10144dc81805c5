"""Finished trials as the store reads them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import numpy as np

from server.contract.results import METRIC_NAMES
from server.engine.tables import TRIAL_STATUSES
from server.optimization.trial_table import TrialFailure
from server.store.trial_files import Chunk

FAMILY: Final = "f" * 24


def a_chunk(
    indices: Sequence[int],
    *,
    failed: Collection[int] = (),
    timed_out: Collection[int] = (),
    duration_ms: float = 1.0,
    family: str = FAMILY,
    parameters: Mapping[str, Sequence[Any]] | None = None,
) -> Chunk:
    """Trials that earn their index, of the one parameter `fast` that is their index; each failed one says its own."""
    size, ended = len(indices), [*failed, *timed_out]
    metrics = np.full((size, len(METRIC_NAMES)), np.nan)
    metrics[:, METRIC_NAMES.index("netProfit")] = [np.nan if at in ended else at for at in indices]
    status = ["Failed" if at in failed else "TimedOut" if at in timed_out else "Completed" for at in indices]
    return Chunk(
        index=np.array(indices, dtype="<i8"),
        status=np.array([TRIAL_STATUSES.index(one) for one in status], dtype="<u1"),
        duration_ms=np.full(size, duration_ms),
        fitness=np.full(size, np.nan),
        metrics=metrics,
        trial_key=np.array([f"{at:024x}".encode() for at in indices], dtype="S24"),
        reused=np.zeros(size, dtype=bool),
        error=np.array([ended.index(at) if at in ended else -1 for at in indices], dtype="<i4"),
        parameters={name: np.array(column) for name, column in (parameters or {"fast": indices}).items()},
        errors=[TrialFailure(f"boom {at}", "there") for at in ended],
        family=np.full(size, family.encode(), dtype="S24"),
    )
