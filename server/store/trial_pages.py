"""Trials as JSON pages, as one JSON array, as CSV."""

import csv
import io
import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import structs

from server.contract.problems import InvalidRequest
from server.contract.results import METRIC_NAMES, Metrics, Trial
from server.engine.tables import TRIAL_STATUSES
from server.optimization.ranking import least_of
from server.store.cursors import decode_cursor, encode_cursor
from server.store.encoded_page import EncodedPage
from server.store.keyset import After, Rows, next_rows, place_of
from server.store.trial_files import Chunk
from server.store.trial_query import TrialQuery
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
    binding = ["trials", *name, *query.binding]
    after = None if cursor is None else After.from_cursor(decode_cursor(binding, cursor, size=2))
    chosen, total = _chosen(trials, query)
    values, ties = trials.column(query.sort.removeprefix("-")), trials.column("index")
    if chosen is not None:
        values, ties = values[chosen], ties[chosen]
    found = next_rows(values, ties, falling=query.sort.startswith("-"), limit=limit + 1, after=after)
    shown = found[:limit]
    more = len(found) > limit
    return EncodedPage(
        items=b"[" + encode_trials(trials, shown if chosen is None else chosen[shown]) + b"]",
        next_cursor=encode_cursor(binding, list(place_of(values, ties, int(shown[-1])))) if more else None,
        total_count=total,
    )


def ordered(trials: TrialSet, query: TrialQuery, limit: int | None) -> Rows:
    """The first `limit` rows (all without it) in order; InvalidRequest for an unknown one."""
    chosen, total = _chosen(trials, query)
    values, ties = trials.column(query.sort.removeprefix("-")), trials.column("index")
    if chosen is not None:
        values, ties = values[chosen], ties[chosen]
    found = next_rows(values, ties, falling=query.sort.startswith("-"), limit=total if limit is None else limit)
    return found if chosen is None else chosen[found]


def encode_trials(trials: TrialSet, rows: Rows) -> bytes:
    """Trials as JSON, separated by commas, without brackets around all."""
    return msgspec.json.encode([_trial(chunk, row) for chunk, row in trials.locate(rows)])[1:-1]


def csv_header(trials: TrialSet) -> bytes:
    """The names of the columns."""
    fixed = ("trialKey", "index", "status", "fitness", "durationMs", "reused")
    return _csv([(*fixed, *trials.parameters, *METRIC_NAMES, "errorMessage")])


def csv_rows(trials: TrialSet, rows: Rows) -> bytes:
    """Trials as lines of CSV; what is undefined is empty."""
    parameters = trials.parameters
    return _csv([_csv_row(chunk, row, parameters) for chunk, row in trials.locate(rows)])


def _chosen(trials: TrialSet, query: TrialQuery) -> tuple[npt.NDArray[np.intp] | None, int]:
    """The rows that pass the filters (None: all), and how many they are."""
    status = query.status
    if status is not None and status not in TRIAL_STATUSES:
        raise InvalidRequest("invalid_request", "status", f"{status!r} is none of {', '.join(TRIAL_STATUSES)}")
    bounds = least_of(query.filters)
    if status is None and not bounds:
        return None, len(trials)
    passes = np.ones(len(trials), dtype=bool)
    if status is not None:
        passes &= trials.column("status") == TRIAL_STATUSES.index(status)
    for metric, least in bounds.items():
        passes &= trials.column(metric) >= least
    chosen = np.flatnonzero(passes)
    return chosen, len(chosen)


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
    reused = "true" if trial.reused else "false"
    fixed = (trial.trial_key, trial.index, trial.status, trial.fitness, trial.duration_ms, reused)
    return [*fixed, *chosen, *metrics, trial.error_message]


def _csv(lines: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()
