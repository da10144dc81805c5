"""Takes finished trials of earlier runs over into a sweep."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from server.contract.run import Leader
from server.engine.tables import TRIAL_STATUSES
from server.optimization.leaders import KEPT, Ranked, larger_leads
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.runs.stored_trials import Int64s, StoredTrials
from server.store.keyset import next_rows
from server.store.trial_files import Chunk, write_chunk

FILE_ROWS: Final = 16_384
_COMPLETED: Final = TRIAL_STATUSES.index("Completed")


class ReusedChunk(NamedTuple):
    """The trials of one file, from `first` on, the last before `stop`: their best in `top`, failures by message."""

    first: int
    stop: int
    completed: int
    failed: int
    filtered: int
    top: list[Ranked]
    failures: dict[str, int]
    examples: dict[str, str]
    trace: str | None


def take_over(
    stored: StoredTrials, sets: Int64s, indices: Int64s, *, space: Space, folder: Path, ranking: Ranking
) -> Iterator[ReusedChunk]:
    """Writes the stored trials `sets` into `folder` as the trials `indices` (rising) of a sweep, marked as reused.

    No file has trials of two windows, whose sets `find_all_stored` numbers one after the other.
    """
    for part in _parts(sets // space.size):
        chunk = _copied(stored, sets[part], indices[part], space, ranking)
        write_chunk(folder, chunk)
        yield _described(chunk, sets[part], space, ranking)


def _parts(windows: Int64s) -> Iterator[slice]:
    edges = [0, *(np.flatnonzero(np.diff(windows)) + 1).tolist(), len(windows)]
    for start, stop in pairwise(edges):
        for first in range(start, stop, FILE_ROWS):
            yield slice(first, min(first + FILE_ROWS, stop))


def _copied(stored: StoredTrials, sets: Int64s, indices: Int64s, space: Space, ranking: Ranking) -> Chunk:
    """The trials in order of their indices; their fitness is what it is in this sweep, and so are their parameters:
    equivalent ones, or those of one data set of several, are stored with others.
    """
    rows = stored.rows_of(sets)
    order = np.argsort(rows)
    chunk = stored.trials.pick(rows[order]).pick(np.argsort(order))
    return replace(
        chunk,
        index=indices,
        fitness=ranking.fitness_of(chunk.metrics),
        reused=np.ones(len(indices), dtype=bool),
        parameters=space.columns(sets),
    )


def _described(chunk: Chunk, sets: Int64s, space: Space, ranking: Ranking) -> ReusedChunk:
    failed = np.flatnonzero(chunk.status != _COMPLETED)
    numbers, first, counts = np.unique(chunk.error[failed], return_index=True, return_counts=True)
    messages = [chunk.errors[number].message for number in numbers]
    examples = [bytes(key).decode() for key in chunk.trial_key[failed[first]]]
    failures: dict[str, int] = {}
    for message, count in zip(messages, counts.tolist(), strict=True):
        failures[message] = failures.get(message, 0) + count  # one message may have several stack traces
    return ReusedChunk(
        first=int(chunk.index[0]),
        stop=int(chunk.index[-1]) + 1,
        completed=len(chunk) - len(failed),
        failed=len(failed),
        filtered=int((~ranking.passing(chunk.metrics[chunk.status == _COMPLETED])).sum()),
        top=_top(chunk, sets, space, ranking),
        failures=failures,
        examples=dict(zip(messages, examples, strict=True)),
        trace=next((error.stack_trace for error in chunk.errors if error.stack_trace), None),
    )


def _top(chunk: Chunk, sets: Int64s, space: Space, ranking: Ranking) -> list[Ranked]:
    """The best of the completed trials that may lead, the best first."""
    all_values = ranking.values_of(chunk.metrics)
    open_to = np.flatnonzero((chunk.status == _COMPLETED) & ranking.passing(chunk.metrics))
    values, index = all_values[open_to], chunk.index[open_to]
    best = open_to[next_rows(values, index, falling=larger_leads(ranking.sort_by), limit=KEPT)]
    return [
        Ranked(
            int(chunk.index[row]),
            Leader(
                trial_key=chunk.trial_key[row].decode(),
                parameters=space.at(int(sets[row]) % space.size),
                value=None if np.isnan(value) else value,
            ),
        )
        for row, value in zip(best.tolist(), all_values[best].tolist(), strict=True)
    ]
