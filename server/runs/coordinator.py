"""Decides what a sweep does next; no I/O but its files, no clock."""

import logging
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from server.contract.base import format_instant
from server.contract.problems import ForgeError
from server.contract.results import DataUsed, FailureGroup, OptimizationResult, Robustness, WalkForwardResult
from server.engine.settings import ENGINE_VERSION
from server.engine.tables import TRIAL_STATUSES, write_atomically
from server.execution.data_used import data_used, warnings_about
from server.execution.tasks import DataSlice, TaskFailed, TrialsDone
from server.optimization.equivalents import read_groups
from server.optimization.leaders import Standings
from server.optimization.objectives import front, objective_values
from server.optimization.search import Values
from server.runs.agenda import LOST, Batched, Ended, Taken, agenda_of
from server.runs.chunks import ChunkPlan, Range
from server.runs.curves import LeadingCurves
from server.runs.live_run import now_ms
from server.runs.lost_trials import write_lost_trial
from server.runs.reused import ReusedChunk, take_over
from server.runs.robust import robustness_of
from server.runs.stopping import TIME_BUDGET
from server.runs.stored_trials import find_all_stored
from server.runs.sweep_messages import (
    ChunkEnded,
    FromCoordinator,
    RunChunk,
    Standing,
    SweepEnded,
    SweepPlan,
)
from server.runs.walk_forward import WalkForward
from server.store.trial_files import chunk_name, chunk_paths, read_chunk
from server.store.trial_set import TrialSet

if TYPE_CHECKING:
    from server.contract.run import Mode
    from server.runs.closing import Closing

_log = logging.getLogger(__name__)
_LAST_ERROR_LIMIT: Final = 200
_GROUPS_LIMIT: Final = 100
_FRONT_LIMIT: Final = 1_000


class Coordinator:
    """One sweep: hands out chunks, keeps the standings, writes the result when every trial is accounted for."""

    def __init__(self, plan: SweepPlan) -> None:
        self._plan = plan
        self._data_used: list[DataUsed] = []
        self._warnings: list[str] = []
        with suppress(OSError, ValueError):  # what is not there any more is told by the first chunk that wants it
            # now: a data set may be deleted while the sweep goes on
            for data in _series(plan):
                self._data_used += data_used(data, plan.start_ms, plan.end_ms)
                self._warnings += warnings_about(data, plan.start_ms, plan.end_ms)
        self._standings = Standings(plan.ranking.sort_by)
        self._standing = Standing()
        self._failures: dict[str, FailureGroup] = {}
        self._example_trace: str | None = None
        self._under_way = 0
        self._simulated_s = 0.0
        self._mode: Mode = "interpreted"
        self._interpreted: Counter[str] = Counter()
        self._reused = 0
        self._time_is_over = False
        self._walk = None if plan.windows is None else WalkForward(plan, plan.windows)
        self._closing: Closing = self._walk or LeadingCurves(plan)
        self._closes = False
        groups = None if plan.groups is None else read_groups(Path(plan.groups))
        self._stored = find_all_stored(plan.earlier, plan.space, trial_timeout_s=plan.trial_timeout_s)
        if groups is not None:
            self._stored = self._stored.with_equivalents(groups)
        self._agenda = agenda_of(plan, self._stored.sets, groups)
        self._chunks = ChunkPlan(bars_per_trial=plan.bars_per_trial, slots=plan.slots, cuts=self._agenda.cuts)
        self._advance([])
        self.ended = False

    def begin(self) -> list[FromCoordinator]:
        """The first messages: where the sweep stands, and chunks for every worker."""
        return [self._standing, *self._next()]

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
                self._simulated_s += message.elapsed_s
                self._chunks.finished(part, ended, message.elapsed_s)
                self._take(part, done)
            case TaskFailed(cause="died" | "timeout" | "memory") as failure:
                lost = self._chunks.died(part)
                if lost is not None:
                    self._give_up(lost, failure)
            case TaskFailed():
                self._chunks.finished(part, 0, message.elapsed_s)
            case other:
                raise AssertionError(f"nobody asked for {other!r}")
        return [self._standing, *self._next()]

    def stopped(self) -> list[FromCoordinator]:
        """No chunk is under way any more: what is finished stays."""
        self.ended = True
        return [SweepEnded(standing=self._standing, complete=False)]

    def time_over(self) -> list[FromCoordinator]:
        """Hands out no more."""
        self._time_is_over = True
        return [] if self.ended else self._next()

    def _next(self) -> list[FromCoordinator]:
        messages: list[FromCoordinator] = []
        # One chunk more than there are workers, so that none waits for this process.
        while (
            not self._time_is_over
            and self._under_way < 2 * self._plan.slots
            and (part := self._chunks.next()) is not None
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
            wanted = self._closing.begin(self._simulated_s)
        except ForgeError as error:
            self._warnings.append(f"the best trials cannot be told: {error}")
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
            self._take_reused(chunk)
            self._reused += chunk.completed
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

    def _take_reused(self, chunk: ReusedChunk) -> None:
        self._standings.add_chunk(chunk.top, chunk.stop, chunk.completed + chunk.failed)
        self._note_failures(chunk.failures, chunk.examples, chunk.trace)
        self._stand(
            completed=chunk.completed,
            failed=chunk.failed,
            filtered=chunk.filtered,
            reused=chunk.completed + chunk.failed,
            last_error=None,
        )

    def _take(self, part: Range, done: TrialsDone) -> None:
        ended = done.completed + done.failed
        if ended:
            self._standings.add_chunk(done.top, self._number(part.first + ended - 1) + 1, ended)
            if isinstance(self._agenda, Batched):
                self._advance(self._ended(chunk_name(self._number(part.first))))
        self._note_failures(done.failures, done.failure_examples, done.example_trace)
        self._mode = done.mode
        self._reused += done.reused
        self._interpreted.update(done.interpreted)
        self._stand(
            completed=done.completed,
            failed=done.failed,
            filtered=done.filtered,
            reused=done.reused,
            bars=done.bars,
            last_error=done.last_error,
        )

    def _give_up(self, place: int, failure: TaskFailed) -> None:
        """A trial that ended its worker twice is failed itself."""
        index = self._number(place)
        plan = self._plan if self._walk is None else self._walk.plan_of(index)
        key = write_lost_trial(plan, index, self._pick(place) % plan.space.size, failure)
        self._note_failures({failure.message: 1}, {failure.message: key}, failure.stack_trace)
        self._standings.add_chunk([], index + 1, 1)
        self._stand(failed=1, last_error=failure.message)
        self._advance([(index, LOST)])

    def _number(self, place: int) -> int:
        numbers = self._agenda.numbers(Range(place, place + 1))
        return place if numbers is None else numbers[0]

    def _pick(self, place: int) -> int:
        picks = self._agenda.picks(Range(place, place + 1))
        return self._number(place) if picks is None else picks[0]

    def _stand(
        self,
        *,
        completed: int = 0,
        failed: int = 0,
        filtered: int = 0,
        reused: int = 0,
        bars: int = 0,
        last_error: str | None,
    ) -> None:
        before = self._standing
        self._standing = Standing(
            completed=before.completed + completed,
            failed=before.failed + failed,
            filtered=before.filtered + filtered,
            reused=before.reused + reused,
            bars=before.bars + bars,
            best=self._standings.best,
            top=self._standings.top,
            stagnation=self._standings.stagnation,
            last_error=last_error[:_LAST_ERROR_LIMIT] if last_error else before.last_error,
        )

    def _note_failures(self, counts: dict[str, int], examples: dict[str, str], trace: str | None) -> None:
        for message, count in counts.items():
            group = self._failures.get(message)
            self._failures[message] = FailureGroup(
                message=message,
                count=count + (group.count if group else 0),
                example_trial_key=group.example_trial_key if group else examples.get(message, ""),
            )
        self._example_trace = self._example_trace or trace

    def _finish(self) -> SweepEnded:
        self.ended = True
        write_atomically(Path(self._plan.result_dir) / "result.json", msgspec.json.encode(self._result()))
        standing = self._standing
        all_failed = None
        if standing.completed == 0 and standing.failed > 0:
            worst = max(self._failures.values(), key=lambda group: group.count)
            all_failed = f"all {standing.failed:,} trials failed; {worst.count:,} of them with: {worst.message}"
        return SweepEnded(
            standing=standing,
            complete=True,
            skipped=self._skipped,
            stop_reason=self._why_skipped(),
            all_failed=all_failed,
            example_trace=self._example_trace,
        )

    @property
    def _skipped(self) -> int:
        """Trials that were not run, once nothing is under way."""
        return self._plan.total - self._standing.completed - self._standing.failed

    def _why_skipped(self) -> str | None:
        if not self._skipped:
            return None
        enough = None if self._chunks.remaining else self._agenda.stop_reason
        return enough or TIME_BUDGET

    def _why_interpreted(self) -> list[str]:
        """Tells once why trials that were to be compiled were not: the reason of most of them."""
        if not self._interpreted:
            return []
        ((why, count),) = self._interpreted.most_common(1)
        computed = self._standing.completed - self._reused
        return [f"interpreted: {why}" if count >= computed else f"{count:,} of {computed:,} trials interpreted: {why}"]

    def _pareto_front(self) -> list[str] | None:
        plan = self._plan
        if not plan.objectives:
            return None
        trials = TrialSet([read_chunk(path) for path in chunk_paths(Path(plan.result_dir))])
        metrics = np.concatenate([chunk.metrics for chunk in trials.chunks])
        best = front(objective_values(metrics, plan.objectives, plan.ranking), plan.objectives)
        return [key.decode() for key in trials.column("trialKey")[best][:_FRONT_LIMIT].tolist()]

    def _walked(self) -> WalkForwardResult | None:
        if self._walk is None:
            return None
        try:
            return self._walk.result()
        except (OSError, ValueError) as error:  # the bars may have been deleted meanwhile
            self._warnings.append(f"what the windows came to together cannot be told: {error}")
            return None
        finally:
            self._walk.clear()

    def _robustness(self) -> Robustness | None:
        plan = self._plan
        if self._walk is not None:
            return None  # the same set is a trial of every window: there is no one neighbourhood
        try:
            return robustness_of(
                Path(plan.result_dir),
                self._standing.top,
                ranking=plan.ranking,
                space=plan.space,
                mains={market.name: market.data[0] for market in plan.markets} or {"": plan.data[0]},
            )
        except (ForgeError, OSError) as error:  # the bars may have been deleted meanwhile
            self._warnings.append(f"how robust the best trials are cannot be told: {error}")
            return None

    def _result(self) -> OptimizationResult:
        plan, standing = self._plan, self._standing
        robustness, walked = self._robustness(), self._walked()
        ended_ms = now_ms()
        groups = sorted(self._failures.values(), key=lambda group: (-group.count, group.message))
        return OptimizationResult(
            run_key=plan.run_key,
            attempt=plan.attempt,
            strategy_name=plan.strategy.name,
            strategy_version=plan.strategy.version,
            source_hash=plan.strategy.source_hash,
            engine_version=ENGINE_VERSION,
            mode=self._mode,
            settings=plan.settings_sent,
            data=self._data_used,
            started_at=format_instant(plan.started_ms),
            completed_at=format_instant(ended_ms),
            duration_ms=ended_ms - plan.started_ms,
            simulate_ms=round(self._simulated_s * 1000, 3),
            total_bars=standing.bars,
            warnings=[*self._warnings, *self._why_interpreted(), *self._closing.warnings()],
            rejected_orders=0,
            has_event_log=False,
            axes=msgspec.to_builtins(plan.axes),
            method=plan.method,
            seed=plan.seed,
            sort_by=plan.ranking.sort_by,
            total_combinations=plan.total,
            completed=standing.completed,
            failed=standing.failed,
            skipped=self._skipped,
            filtered=standing.filtered,
            reused=standing.reused,
            best=standing.best,
            pareto_front=self._pareto_front(),
            robustness=robustness,
            walk_forward=walked,
            failures=groups[:_GROUPS_LIMIT],
            trials_total=standing.completed + standing.failed,
        )


def _defined(value: float) -> float | None:
    return None if math.isnan(value) else value


def _all_defined(values: list[float]) -> Values:
    return None if any(map(math.isnan, values)) else tuple(values)


def _series(plan: SweepPlan) -> list[list[DataSlice]]:
    """The series of a trial, for each data set where these are an axis."""
    return [market.data for market in plan.markets] or [plan.data]
