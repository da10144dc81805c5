"""Decides what a sweep does next; no I/O but its files, no clock."""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from server.contract.problems import ForgeError
from server.engine.tables import TRIAL_STATUSES, write_atomically
from server.execution.tasks import TaskFailed, TrialsDone
from server.optimization.equivalents import read_groups
from server.optimization.objectives import objective_values
from server.optimization.search import Values
from server.runs.agenda import LOST, Ended, Taken
from server.runs.batches import Batched
from server.runs.choose_agenda import agenda_of
from server.runs.chunks import ChunkPlan, Range
from server.runs.curves import LeadingCurves
from server.runs.lost_trials import write_lost_trial
from server.runs.reused import take_over
from server.runs.stopping import TIME_BUDGET
from server.runs.stored_trials import find_all_stored
from server.runs.sweep_messages import (
    ChunkEnded,
    FromCoordinator,
    RunChunk,
    SweepEnded,
    SweepPlan,
)
from server.runs.sweep_result import SweepReport
from server.runs.sweep_totals import SweepTotals
from server.runs.walk_forward import WalkForward
from server.store.trial_files import chunk_name, read_chunk

if TYPE_CHECKING:
    from server.runs.closing import Closing


class Coordinator:
    """One sweep: hands out chunks, keeps the standings, writes the result when every trial is accounted for."""

    def __init__(self, plan: SweepPlan, *, interrupted: Callable[[], bool] = lambda: False) -> None:
        """`interrupted`: whether the sweep is to be stopped, which is told only once its chunks have ended."""
        self._plan = plan
        self._report = SweepReport(plan)
        self._totals = SweepTotals(plan.ranking.sort_by)
        self._under_way = 0
        self._slots = plan.slots
        self._time_is_over = False
        self._walk = None if plan.windows is None else WalkForward(plan, plan.windows)
        self._closing: Closing = self._walk or LeadingCurves(plan)
        self._closes = False
        groups = None if plan.groups is None else read_groups(Path(plan.groups))
        self._stored = find_all_stored(plan.earlier, plan.space, trial_timeout_s=plan.trial_timeout_s)
        if groups is not None:
            self._stored = self._stored.with_equivalents(groups)
        self._agenda = agenda_of(plan, self._stored.sets, groups, interrupted=interrupted)
        self._chunks = ChunkPlan(
            bars_per_trial=plan.bars_per_trial, slots=plan.slots, cuts=self._agenda.cuts, chunk_s=plan.chunk_s
        )
        self._advance([])
        self.ended = False

    def begin(self) -> list[FromCoordinator]:
        """The first messages: where the sweep stands, and chunks for every worker."""
        return [self._totals.standing, *self._next()]

    def chunk_ended(self, message: ChunkEnded) -> list[FromCoordinator]:
        """Takes the outcome of a chunk, or of what closes the sweep, into account and hands out what is next."""
        self._under_way -= 1
        if self._closes:
            again = self._closing.took(message)
            self._under_way += len(again)
            return [*again, *self._next()]
        part = Range(message.first, message.stop)
        match message.outcome:
            case TrialsDone() as done:
                ended = done.completed + done.failed
                self._chunks.finished(part, ended, message.elapsed_s)
                self._take(part, done, message.elapsed_s)
            case TaskFailed(cause="died" | "timeout" | "memory") as failure:
                lost = self._chunks.died(part)
                if lost is not None:
                    self._give_up(lost, failure)
            case TaskFailed():
                self._chunks.finished(part, 0, message.elapsed_s)
            case other:
                raise AssertionError(f"nobody asked for {other!r}")
        return [self._totals.standing, *self._next()]

    def stopped(self) -> list[FromCoordinator]:
        """No chunk is under way any more: what is finished stays."""
        self.ended = True
        return [SweepEnded(standing=self._totals.standing, complete=False)]

    def time_over(self) -> list[FromCoordinator]:
        """Hands out no more."""
        self._time_is_over = True
        return [] if self.ended else self._next()

    def resized(self, slots: int) -> list[FromCoordinator]:
        """Hands out as many chunks as so many workers need."""
        self._slots = slots
        self._chunks.resize(slots)
        return [] if self.ended or self._closes else self._next()

    def _next(self) -> list[FromCoordinator]:
        messages: list[FromCoordinator] = []
        # Twice as many as there are workers, so that none waits for this process.
        while (
            not self._time_is_over and self._under_way < 2 * self._slots and (part := self._chunks.next()) is not None
        ):
            self._under_way += 1
            messages.append(self._chunk(part))
        if self._under_way == 0 and not self._closes:
            messages += self._close()
        if self._under_way == 0:
            messages.append(self._finish())
        return messages

    def _close(self) -> Sequence[FromCoordinator]:
        self._closes = True
        try:
            wanted = self._closing.begin(self._totals.simulated_s)
        except ForgeError as error:
            self._report.warnings.append(f"the best trials cannot be told: {error}")
            return ()
        self._under_way = len(wanted)
        return wanted

    def _chunk(self, part: Range) -> RunChunk:
        numbers, picks = self._agenda.numbers(part), self._agenda.picks(part)
        if self._walk is not None:
            return self._walk.chunk(part, numbers, picks)
        return RunChunk(first=part.first, stop=part.stop, numbers=numbers, picks=picks)

    def _advance(self, trials: Iterable[tuple[int, Ended]]) -> None:
        """Tells the agenda what trials came to; takes over what it wants and is finished already."""
        while (taken := self._agenda.ended(trials)) is not None:
            trials = self._take_over(taken)
        for places in self._agenda.ends:
            self._chunks.extend(places)

    def _take_over(self, taken: Taken) -> list[tuple[int, Ended]]:
        plan = self._plan
        chunks = take_over(
            self._stored,
            taken.sets,
            taken.numbers,
            space=plan.space,
            folder=Path(plan.result_dir),
            ranking=plan.ranking,
        )
        ended: list[tuple[int, Ended]] = []
        for chunk in chunks:
            self._totals.took_over(chunk)
            ended += self._ended(chunk_name(chunk.first)) if isinstance(self._agenda, Batched) else []
        return ended

    def _ended(self, file: str) -> list[tuple[int, Ended]]:
        """What the trials of a file came to, for an agenda that depends on it."""
        plan = self._plan
        chunk = read_chunk(Path(plan.result_dir) / file)
        values = objective_values(chunk.metrics, (), plan.ranking)
        told = objective_values(chunk.metrics, plan.objectives, plan.ranking)
        failed = chunk.status != TRIAL_STATUSES.index("Completed")
        values[failed] = told[failed] = np.nan
        return [
            (number, Ended(_defined(value), _all_defined(aims)))
            for number, (value,), aims in zip(chunk.index.tolist(), values.tolist(), told.tolist(), strict=True)
        ]

    def _take(self, part: Range, done: TrialsDone, elapsed_s: float) -> None:
        ended = done.completed + done.failed
        self._totals.took(done, self._number(part.first + ended - 1) + 1 if ended else 0, elapsed_s)
        if ended and isinstance(self._agenda, Batched):
            self._advance(self._ended(chunk_name(self._number(part.first))))

    def _give_up(self, place: int, failure: TaskFailed) -> None:
        """A trial that ended its worker twice is failed itself."""
        index = self._number(place)
        plan = self._plan if self._walk is None else self._walk.plan_of(index)
        key = write_lost_trial(plan, index, self._pick(place) % plan.space.size, failure)
        self._totals.gave_up(index, key, failure)
        self._advance([(index, LOST)])

    def _number(self, place: int) -> int:
        numbers = self._agenda.numbers(Range(place, place + 1))
        return place if numbers is None else numbers[0]

    def _pick(self, place: int) -> int:
        picks = self._agenda.picks(Range(place, place + 1))
        return self._number(place) if picks is None else picks[0]

    def _finish(self) -> SweepEnded:
        self.ended = True
        totals = self._totals
        result = self._report.result(totals, self._walk, self._closing.warnings())
        write_atomically(Path(self._plan.result_dir) / "result.json", msgspec.json.encode(result))
        return SweepEnded(
            standing=totals.standing,
            complete=True,
            skipped=result.skipped,
            stop_reason=self._why_skipped() if result.skipped else None,
            all_failed=totals.why_all_failed(),
            example_trace=totals.example_trace,
        )

    def _why_skipped(self) -> str:
        enough = None if self._chunks.remaining else self._agenda.stop_reason
        return enough or TIME_BUDGET


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value


def _all_defined(values: list[float]) -> Values:
    return None if any(map(math.isnan, values)) else tuple(values)
