"""Decides of which trials of a finished sweep the equity curves are kept."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from server.engine.tables import TRIAL_STATUSES
from server.execution.tasks import CurvesDone, CurveWanted
from server.optimization.leaders import larger_leads
from server.optimization.ranking import Ranking
from server.runs.sweep_messages import ChunkEnded, KeepCurves, SweepPlan
from server.store.keyset import next_rows
from server.store.trial_files import Chunk, chunk_paths, join, read_chunk

_LEAST_S: Final = 2.0
_SHARE: Final = 0.1
"""Of the time that the trials took. Those of machine code are run again within milliseconds; of others only as many
as do not keep the sweep from ending."""


class LeadingCurves:
    """The curves of the best trials, as of closing.Closing."""

    def __init__(self, plan: SweepPlan) -> None:
        self._plan = plan
        self._wanted = 0
        self._kept = 0

    def begin(self, worked_s: float) -> list[KeepCurves]:
        """All of them; ForgeError where a file of trials cannot be read."""
        parts = curve_parts(self._plan, worked_s)
        self._wanted = sum(len(part.trials) for part in parts)
        return parts

    def took(self, message: ChunkEnded) -> Sequence[KeepCurves]:
        """Counts those that were kept; the others are not asked for again."""
        self._kept += message.outcome.kept if isinstance(message.outcome, CurvesDone) else 0
        return ()

    def warnings(self) -> list[str]:
        """How many are missing."""
        if self._kept == self._wanted:
            return []
        return [
            f"equity curves are kept of {self._kept:,} of the {self._wanted:,} best trials: others take long, or failed"
        ]


def curve_parts(plan: SweepPlan, worked_s: float) -> list[KeepCurves]:
    """The best trials in as many parts as there are workers, each the best first; `worked_s`: of all workers."""
    best = best_trials(Path(plan.result_dir), plan.ranking, plan.keep_curves)
    wanted = [] if best is None else list(_wanted(best))
    budget_s = max(_LEAST_S, _SHARE * worked_s / plan.slots)
    dealt = [wanted[at :: plan.slots] for at in range(min(plan.slots, len(wanted)))]
    stops = np.cumsum([len(part) for part in dealt]).tolist()
    return [
        KeepCurves(first=stop - len(part), stop=stop, trials=part, budget_s=budget_s)
        for part, stop in zip(dealt, stops, strict=True)
    ]


def best_trials(folder: Path, ranking: Ranking, limit: int) -> Chunk | None:
    """The `limit` best of the trials that may lead, the best first, from one chunk file after the other; None: none.

    ForgeError where a file cannot be read.
    """
    best: Chunk | None = None
    for path in chunk_paths(folder) if limit else ():
        chunk = read_chunk(path)
        best = _best(chunk if best is None else join([best, chunk]), ranking, limit)
    return best if best is not None and len(best) else None


def _best(chunk: Chunk, ranking: Ranking, limit: int) -> Chunk:
    completed = chunk.status == TRIAL_STATUSES.index("Completed")
    leading = np.flatnonzero(completed & ranking.passing(chunk.metrics))
    values = ranking.values_of(chunk.metrics)[leading]
    falling = larger_leads(ranking.sort_by)
    return chunk.pick(leading[next_rows(values, chunk.index[leading], falling=falling, limit=limit)])


def _wanted(best: Chunk) -> Iterator[CurveWanted]:
    """Each trialKey once: different parameters may come to the same one."""
    first = np.unique(best.trial_key, return_index=True)[1]
    for row in np.sort(first).tolist():
        parameters = {name: column[row].item() for name, column in best.parameters.items()}
        yield CurveWanted(trial_key=best.trial_key[row].decode(), parameters=parameters)
