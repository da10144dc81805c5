"""The finished trials of a chunk as the columns of its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import structs

from server.contract.base import ParamValue
from server.contract.requests import DATA_AXIS
from server.contract.results import METRIC_NAMES, Metrics, TrialStatus
from server.engine.tables import TRIAL_STATUSES, write_columns

_TEXTS_LIMIT: Final = 8_000_000
"""Characters of different stack traces that one file holds; a chunk that fails in 16,000 ways tells some of them."""


class TrialFailure(msgspec.Struct, frozen=True, rename="camel"):
    """Why a trial failed, as the file tells it."""

    message: str
    stack_trace: str | None = None


@dataclass(frozen=True)
class EndedTrial:
    """One row. `metrics` of a completed trial, `failure` of the others; `fitness` None where undefined.

    `reused`: it is the same work as another one.
    """

    index: int
    trial_key: str
    parameters: Mapping[str, ParamValue]
    status: TrialStatus
    duration_ms: float
    metrics: Metrics | None = None
    fitness: float | None = None
    failure: TrialFailure | None = None
    reused: bool = False


class TrialTable:
    """Collects trials in order of their index; the columns are documented in server.engine.tables."""

    def __init__(self, python_names: Mapping[str, str]) -> None:
        """`python_names`: the snake_case name of every parameter by its camelCase name."""
        self._python_names = python_names
        self._trials: list[EndedTrial] = []
        self._failures: dict[TrialFailure, int] = {}
        self._error: list[int] = []
        self._characters = 0

    def __len__(self) -> int:
        return len(self._trials)

    def add(self, trial: EndedTrial) -> None:
        """Adds a row."""
        self._trials.append(trial)
        self._error.append(-1 if trial.failure is None else self._place(trial.failure))

    def write(self, path: Path, family: str | Mapping[str, str]) -> None:
        """Writes the file whole or not at all; OSError when the disk is full.

        `family` of all trials, or of those of each data set, where these are an axis.
        """
        trials = self._trials
        errors = msgspec.json.encode(list(self._failures))
        parameters = {
            f"param:{python_name}": np.array([trial.parameters[name] for trial in trials])
            for name, python_name in self._python_names.items()
        }
        families = (
            family.encode()
            if isinstance(family, str)
            else [family[str(trial.parameters[DATA_AXIS])].encode() for trial in trials]
        )
        columns: dict[str, npt.NDArray[Any]] = {
            "index": np.array([trial.index for trial in trials], dtype="<i8"),
            "status": np.array([TRIAL_STATUSES.index(trial.status) for trial in trials], dtype="<u1"),
            "duration_ms": np.array([trial.duration_ms for trial in trials], dtype="<f8"),
            "fitness": _floats([trial.fitness for trial in trials]),
            "metrics": np.array([_row(trial.metrics) for trial in trials], dtype="<f8"),
            "trial_key": np.array([trial.trial_key.encode() for trial in trials], dtype="S24"),
            "reused": np.array([trial.reused for trial in trials], dtype=bool),
            "error": np.array(self._error, dtype="<i4"),
            "errors": np.frombuffer(errors, dtype="<u1"),
            "family": np.array(families, dtype="S24"),
            **parameters,
        }
        write_columns(path, columns)

    def _place(self, failure: TrialFailure) -> int:
        """The row of a failure among the different ones."""
        known = self._failures.get(failure)
        if known is not None:
            return known
        self._characters += len(failure.stack_trace or "")
        if self._characters > _TEXTS_LIMIT:
            failure = TrialFailure(failure.message)
        return self._failures.setdefault(failure, len(self._failures))


def _row(metrics: Metrics | None) -> npt.NDArray[np.float64]:
    if metrics is None:
        return np.full(len(METRIC_NAMES), np.nan)
    return _floats(structs.astuple(metrics))


def _floats(values: Sequence[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], dtype="<f8")
