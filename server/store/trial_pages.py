"""Trials as JSON pages, as one JSON array, as CSV."""

import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from msgspec import structs

from server.contract.results import METRIC_NAMES, Metrics, Trial
from server.engine.tables import TRIAL_STATUSES
from server.store.csv_lines import csv_lines
from server.store.cursors import decode_cursor, encode_cursor
from server.store.encoded_page import EncodedPage
from server.store.keyset import After, Rows, place_of
from server.store.trial_files import Chunk
from server.store.trial_query import TrialQuery
from server.store.trial_rows import find_rows, sort_column
from server.store.trial_set import TrialSet

BLOCK_ROWS: Final = 250
"""Trials encoded at a time: some 5 ms, for which the interpreter is held now and then."""

_INTEGERS: Final = frozenset(place for place, field in enumerate(structs.fields(Metrics)) if field.type is int)
_FIELDS: Final = tuple(field.name for field in structs.fields(Metrics))
_COMPLETED: Final = TRIAL_STATUSES.index("Completed")


def trials_page(
    trials: TrialSet, query: TrialQuery, *, name: Sequence[str], cursor: str | None, limit: int
) -> EncodedPage:
    """One page; `name` is that of the attempt, to which cursors are bound. InvalidRequest for query and cursor."""
    binding = ["trials", *name, *query]
    after = None if cursor is None else After.from_cursor(decode_cursor(binding, cursor, size=2))
    found = find_rows(trials, query, limit=limit + 1, after=after)
    shown = found.rows[:limit]
    place = None
    if len(found.rows) > limit:
        place = list(place_of(sort_column(trials, query), trials.column("index"), int(shown[-1])))
    return EncodedPage(
        items=b"[" + encode_trials(trials, shown) + b"]",
        next_cursor=None if place is None else encode_cursor(binding, place),
        total_count=found.total,
    )


def encode_trials(trials: TrialSet, rows: Rows) -> bytes:
    """Trials as JSON, separated by commas, without brackets around all."""
    return msgspec.json.encode([_trial(chunk, row) for chunk, row in trials.locate(rows)])[1:-1]


def csv_header(trials: TrialSet) -> bytes:
    """The names of the columns."""
    fixed = ("trialKey", "index", "status", "fitness", "durationMs", "reused")
    return csv_lines([(*fixed, *trials.parameters, *METRIC_NAMES, "errorMessage")])


def csv_rows(trials: TrialSet, rows: Rows) -> bytes:
    """Trials as lines of CSV; what is undefined is empty."""
    parameters = trials.parameters
    return csv_lines([_csv_row(chunk, row, parameters) for chunk, row in trials.locate(rows)])


def _trial(chunk: Chunk, row: int) -> Trial:
    failure = chunk.errors[chunk.error[row]] if chunk.error[row] >= 0 else None
    fitness = float(chunk.fitness[row])
    status = int(chunk.status[row])
    return Trial(
        trial_key=chunk.trial_key[row].decode(),
        index=int(chunk.index[row]),
        parameters={name: column[row].item() for name, column in chunk.parameters.items()},
        status=TRIAL_STATUSES[status],
        metrics=_metrics(chunk.metrics[row].tolist()) if status == _COMPLETED else None,
        fitness=None if math.isnan(fitness) else fitness,
        error_message=failure.message if failure else None,
        error_stack_trace=failure.stack_trace if failure else None,
        duration_ms=float(np.nan_to_num(chunk.duration_ms[row])),  # of a lost trial nobody knows it
        reused=bool(chunk.reused[row]),
    )


def _metrics(values: list[float]) -> Metrics:
    return Metrics(**dict(zip(_FIELDS, map(_figure, range(len(values)), values), strict=True)))


def _figure(place: int, value: float) -> Any:
    if value != value:
        return None
    return int(value) if place in _INTEGERS else value


def _csv_row(chunk: Chunk, row: int, parameters: Sequence[str]) -> list[Any]:
    trial = _trial(chunk, row)
    metrics: tuple[Any, ...] = structs.astuple(trial.metrics) if trial.metrics else (None,) * len(METRIC_NAMES)
    chosen = [trial.parameters.get(name) for name in parameters]
    fixed = (trial.trial_key, trial.index, trial.status, trial.fitness, trial.duration_ms, trial.reused)
    return [*fixed, *chosen, *metrics, trial.error_message]
