"""Finds the sets of a space among the trials that earlier runs finished."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError
from server.engine.tables import TRIAL_STATUSES
from server.optimization.conditions import read_conditions
from server.optimization.equivalents import Groups
from server.optimization.search import LEARNING
from server.optimization.selection import selected
from server.optimization.space import Space
from server.optimization.visits import visits_of
from server.runs.earlier import Earlier, earlier_attempts
from server.runs.prepared import PreparedOptimization
from server.store.axis_positions import axis_positions
from server.store.backtest_trial import read_backtest_trial
from server.store.merged_trials import MERGED, read_merged
from server.store.port import RunStore
from server.store.results import RESULT_FILE, ResultFiles
from server.store.trial_files import Chunk, Rows, chunk_paths, read_chunk
from server.store.trial_set import TrialSet

_log = logging.getLogger(__name__)
_COMPLETED, _FAILED, _TIMED_OUT = (TRIAL_STATUSES.index(name) for name in ("Completed", "Failed", "TimedOut"))
_MOST_SETS: Final = 2**63
"""Sets beyond are not numbered in 64 bits; nobody has run a share of such a space worth looking for."""

Int64s = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class StoredTrials:
    """Finished trials, by the set of a space that each of them is.

    `sets`: (n,) int64, strictly rising. `rows`: (n,) the row of each in `trials`.
    """

    trials: TrialSet
    sets: Int64s
    rows: Rows

    def __len__(self) -> int:
        return len(self.sets)

    def rows_of(self, sets: Int64s) -> Rows:
        """The row of each of these sets, which are all among `sets`."""
        return self.rows[np.searchsorted(self.sets, sets)]

    def with_equivalents(self, groups: Groups) -> "StoredTrials":
        """With all sets of the groups of which one is finished."""
        finished = np.isin(groups.sets, self.sets)
        row_of_group = np.full(len(groups.groups), -1, dtype=np.intp)
        row_of_group[groups.groups[finished]] = self.rows_of(groups.sets[finished])
        rows = row_of_group[groups.groups]
        rows[finished] = self.rows_of(groups.sets[finished])
        known = np.flatnonzero(rows >= 0)
        known = known[np.argsort(groups.sets[known])]
        return StoredTrials(self.trials, groups.sets[known], rows[known])


def find_stored(
    earlier: Sequence[Earlier], family: str, space: Space, *, trial_timeout_s: float | None = None
) -> StoredTrials:
    """The trials of `earlier`, the newest first, that are sets of `space` and need not be run again.

    Those are completed ones, and those of which the strategy raised, which it would again. Of the same run alone
    also those that were lost with their worker, and those that timed out after `trial_timeout_s` or later. A file
    that is gone or cannot be read is passed over.
    """
    chunks: list[Chunk] = []
    sets: Int64s = np.empty(0, dtype=np.int64)
    rows: Rows = np.empty(0, dtype=np.intp)
    if space.size >= _MOST_SETS:
        return StoredTrials(TrialSet([]), sets, rows)
    limit_ms = np.inf if trial_timeout_s is None else 1000.0 * trial_timeout_s
    for same_run, part in _parts(earlier, family, space):
        if len(sets) == space.size:
            break
        usable = _usable(part, family, limit_ms if same_run else None)
        its_sets, known = sets_of(space, part, usable)
        new_sets, first = np.unique(its_sets, return_index=True)
        fresh = ~np.isin(new_sets, sets)
        if not fresh.any():
            continue
        rows = np.concatenate([rows, known[first[fresh]] + sum(map(len, chunks))])
        sets = np.concatenate([sets, new_sets[fresh]])
        chunks.extend(part.chunks)
        order = np.argsort(sets)
        sets, rows = sets[order], rows[order]
    return StoredTrials(TrialSet(chunks), sets, rows)


def find_all_stored(
    earlier: Mapping[str, Sequence[Earlier]], space: Space, *, trial_timeout_s: float | None = None
) -> StoredTrials:
    """The stored trials of several families as those of one: set `i` of the n-th has the number `i` + n × the size.

    Where data sets are an axis each has a family, and where there are windows.
    """
    inner = space.inner
    parts = [
        find_stored(attempts, family, inner, trial_timeout_s=trial_timeout_s) for family, attempts in earlier.items()
    ]
    if len(parts) == 1:
        return parts[0]
    starts = np.cumsum([0, *(len(part.trials) for part in parts)])
    return StoredTrials(
        TrialSet([chunk for part in parts for chunk in part.trials.chunks]),
        np.concatenate([part.sets + number * inner.size for number, part in enumerate(parts)]),
        np.concatenate([part.rows + start for part, start in zip(parts, starts, strict=False)]),
    )


async def count_stored(store: RunStore, results: ResultFiles, prepared: PreparedOptimization) -> int:
    """How many trials of a sweep that is only thought of would be taken over; none is promised to a search that
    learns, since nobody knows yet what it will ask for.
    """
    if prepared.method in LEARNING:
        return 0
    earlier = await earlier_attempts(store, results, prepared)
    return await asyncio.to_thread(_count, earlier, prepared)


def _count(earlier: Mapping[str, Sequence[Earlier]], prepared: PreparedOptimization) -> int:
    space, timeout_s = prepared.space, prepared.trial_timeout_s
    stored = find_all_stored(earlier, space, trial_timeout_s=timeout_s)
    allowed = selected(space, read_conditions(prepared.conditions)) if len(stored) else None
    visits = visits_of(prepared.method, space, allowed, prepared.total, prepared.seed, windows=len(prepared.families))
    return len(stored) if visits is None else int(np.isin(visits, stored.sets).sum())


def _parts(earlier: Sequence[Earlier], family: str, space: Space) -> Iterator[tuple[bool, TrialSet]]:
    """The trials of one attempt after the other; backtests in a row, which have one each, together."""
    for kind, group in groupby(earlier, key=lambda attempt: attempt.kind):
        if kind == "backtest":
            yield False, _readable((chunk for attempt in group for chunk in _chunks(attempt, family)), space)
            continue
        for attempt in group:
            yield attempt.same_run, _readable(_chunks(attempt, family), space)


def _chunks(attempt: Earlier, family: str) -> list[Chunk]:
    folder = Path(attempt.folder)
    if attempt.kind == "backtest":
        return _read(partial(read_backtest_trial, folder / RESULT_FILE, family))
    chunks = [chunk for path in chunk_paths(folder) for chunk in _read(partial(read_chunk, path))]
    if (folder / MERGED).is_dir():  # asked last: the chunk files go only once it is there
        return _read(partial(read_merged, folder))
    return chunks


def _read(read: Callable[[], Chunk]) -> list[Chunk]:
    """What `read` finds; nothing where that is gone or damaged."""
    try:
        return [read()]
    except FileNotFoundError as error:
        _log.debug("trials of an earlier attempt are gone", extra={"file": error.filename})
    except ForgeError as error:
        _log.warning("trials of an earlier attempt cannot be read", extra={"reason": error.detail})
    return []


def _readable(chunks: Iterable[Chunk], space: Space) -> TrialSet:
    """Those of the chunks that tell every parameter of the space, without what else they tell."""
    return TrialSet(
        [
            replace(chunk, parameters={name: chunk.parameters[name] for name in space.names})
            for chunk in chunks
            if chunk.parameters.keys() >= set(space.names)
        ]
    )


def _usable(trials: TrialSet, family: str, limit_ms: float | None) -> Rows:
    """Which trials need not be run again; `limit_ms`: how long one of the same run may take, None: of another run."""
    status, duration_ms = trials.column("status"), trials.column("durationMs")
    lost = np.isnan(duration_ms)
    usable = (status == _COMPLETED) | ((status == _FAILED) & ~lost)
    if limit_ms is not None:
        usable |= (status == _FAILED) & lost
        usable |= (status == _TIMED_OUT) & (duration_ms >= limit_ms)
    return np.flatnonzero(usable & (trials.column("family") == family.encode()))


def sets_of(space: Space, trials: TrialSet, rows: Rows) -> tuple[Int64s, Rows]:
    """The set that each of these trials is, and its row; without those that are none of the space."""
    sets = np.zeros(len(rows), dtype=np.int64)
    known = np.ones(len(rows), dtype=bool)
    for name, values in zip(space.names, space.values, strict=True):
        positions, there = axis_positions(values, trials.column(name)[rows])
        sets = sets * len(values) + positions
        known &= there
    return sets[known], rows[known]
