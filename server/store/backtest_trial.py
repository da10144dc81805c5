"""The result of a backtest as the trial that it is."""

from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from msgspec import structs

from server.contract.base import Model, ParamValue
from server.contract.problems import ForgeError
from server.contract.results import Metrics
from server.engine.tables import TRIAL_STATUSES
from server.store.trial_files import Chunk


class _Result(Model, frozen=True, kw_only=True):
    """The few fields of a BacktestResult that are needed; the others are passed over."""

    trial_key: str
    parameters: dict[str, ParamValue]
    metrics: Metrics
    simulate_ms: float


_DECODER: Final = msgspec.json.Decoder(_Result)


def read_backtest_trial(path: Path, family: str) -> Chunk:
    """The file result.json of a completed backtest of this family as a chunk of one trial.

    ForgeError `store_unavailable` when it is damaged, FileNotFoundError when it is gone.
    """
    try:
        result = _DECODER.decode(path.read_bytes())
    except msgspec.MsgspecError as error:
        raise ForgeError("store_unavailable", f"The result file {path} cannot be read: {error}.") from error
    metrics = [np.nan if value is None else value for value in structs.astuple(result.metrics)]
    return Chunk(
        index=np.zeros(1, dtype="<i8"),
        status=np.array([TRIAL_STATUSES.index("Completed")], dtype="<u1"),
        duration_ms=np.array([result.simulate_ms]),
        fitness=np.array([result.metrics.net_profit]),
        metrics=np.array([metrics], dtype="<f8"),
        trial_key=np.array([result.trial_key.encode()], dtype="S24"),
        reused=np.zeros(1, dtype=bool),
        error=np.full(1, -1, dtype="<i4"),
        parameters={name: np.array([value]) for name, value in result.parameters.items()},
        errors=[],
        family=np.array([family.encode()], dtype="S24"),
    )
