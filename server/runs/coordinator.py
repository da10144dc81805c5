"""Decides what a sweep does next; no I/O but its files, no clock."""

import logging
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from server.contract.base import format_instant
from server.contract.problems import ForgeError
from server.contract.results import DataUsed, FailureGroup, OptimizationResult, Robustness
from server.engine.settings import ENGINE_VERSION
from server.engine.tables import write_atomically
from server.execution.data_used import data_used, warnings_about
from server.execution.tasks import TaskFailed, TrialsDone
from server.optimization.conditions import read_conditions
from server.optimization.leaders import Standings
from server.optimization.selection import selected
from server.optimization.visits import visits_of
from server.runs.chunks import ChunkPlan, Range
from server.runs.live_run import now_ms
from server.runs.lost_trials import write_lost_trial
from server.runs.open_trials import OpenTrials
from server.runs.reused import ReusedChunk, take_over
from server.runs.robust import robustness_of
from server.runs.stopping import TIME_BUDGET, stop_reason
from server.runs.stored_trials import find_stored
from server.runs.sweep_messages import ChunkEnded, FromCoordinator, RunChunk, Standing, SweepEnded, SweepPlan

if TYPE_CHECKING:
    from server.contract.run import Mode

_log = logging.getLogger(__name__)
_LAST_ERROR_LIMIT: Final = 200
_GROUPS_LIMIT: Final = 100


class Coordinator:
    """One sweep: hands out chunks, keeps the standings, writes the result when every trial is accounted for."""

    def __init__(self, plan: SweepPlan) -> None:
        self._plan = plan
        self._data_used: list[DataUsed] = []
        self._warnings: list[str] = []
        with suppress(OSError, ValueError):  # what is not there any more is told by the first chunk that wants it
            # now: a data set may be deleted while the sweep goes on
            self._data_used = data_used(plan.data, plan.start_ms, plan.end_ms)
            self._warnings = warnings_about(plan.data, plan.start_ms, plan.end_ms)
        self._standings = Standings(plan.ranking.sort_by)
        self._standing = Standing()
        self._failures: dict[str, FailureGroup] = {}
        self._example_trace: str | None = None
        self._under_way = 0
        self._simulated_s = 0.0
        self._mode: Mode = "interpreted"
        self._interpreted: Counter[str] = Counter()
        self._reused = 0
        self._stop_reason: str | None = None
        allowed = selected(plan.space, read_conditions(plan.conditions))
        self._visits = visits_of(plan.method, plan.space, allowed, plan.total, plan.seed)
        self._open = self._reuse()
        self._chunks = ChunkPlan(len(self._open), bars_per_trial=plan.bars_per_trial, slots=plan.slots)
        self.ended = False

    def begin(self) -> list[FromCoordinator]:
        """The first messages: where the sweep stands, and chunks for every worker."""
        return [self._standing, *self._next()]

    def chunk_ended(self, message: ChunkEnded) -> list[FromCoordinator]:
        """Takes a chunk's outcome into account and hands out the next."""
        self._under_way -= 1
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
        return [self._standing, *self._next()]

    def stopped(self) -> list[FromCoordinator]:
        """No chunk is under way any more: what is finished stays."""
        self.ended = True
        return [SweepEnded(standing=self._standing, complete=False)]

    def time_over(self) -> list[FromCoordinator]:
        """Hands out no more."""
        self._stop_reason = self._stop_reason or TIME_BUDGET
        return [] if self.ended else self._next()

    def _next(self) -> list[FromCoordinator]:
        messages: list[FromCoordinator] = []
        self._stop_reason = self._stop_reason or self._rule()
        # One chunk more than there are workers, so that none waits for this process.
        while (
            self._stop_reason is None
            and self._under_way < 2 * self._plan.slots
            and (part := self._chunks.next()) is not None
        ):
            self._under_way += 1
            messages.append(self._chunk(part))
        if self._under_way == 0:
            messages.append(self._finish())
        return messages

    def _chunk(self, part: Range) -> RunChunk:
        numbers = self._open.numbers(part) if self._standing.reused or self._visits is not None else None
        picks = None if self._visits is None else self._visits[numbers].tolist()
        return RunChunk(first=part.first, stop=part.stop, numbers=numbers, picks=picks)

    def _rule(self) -> str | None:
        if self._chunks.remaining == 0:
            return None
        return stop_reason(self._standings, self._plan.ranking.sort_by, self._plan.stop_rules)

    def _reuse(self) -> OpenTrials:
        """Takes over what earlier runs finished; the rest is still to be run."""
        plan = self._plan
        stored = find_stored(plan.earlier, plan.family, plan.space, trial_timeout_s=plan.trial_timeout_s)
        sets = numbers = stored.sets  # trial i of a grid is its set i
        if self._visits is not None:
            numbers = np.flatnonzero(np.isin(self._visits, stored.sets))
            sets = self._visits[numbers]
        taken = take_over(stored, sets, numbers, space=plan.space, folder=Path(plan.result_dir), ranking=plan.ranking)
        for chunk in taken:
            self._take_reused(chunk)
            self._reused += chunk.completed
        return OpenTrials(plan.total, numbers)

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
            self._standings.add_chunk(done.top, self._open.number(part.first + ended - 1) + 1, ended)
        self._note_failures(done.failures, done.failure_examples, done.example_trace)
        self._mode = done.mode
        self._interpreted.update(done.interpreted)
        self._stand(
            completed=done.completed,
            failed=done.failed,
            filtered=done.filtered,
            bars=done.bars,
            last_error=done.last_error,
        )

    def _give_up(self, place: int, failure: TaskFailed) -> None:
        """A trial that ended its worker twice is failed itself."""
        index = self._open.number(place)
        key = write_lost_trial(self._plan, index, index if self._visits is None else int(self._visits[index]), failure)
        self._note_failures({failure.message: 1}, {failure.message: key}, failure.stack_trace)
        self._standings.add_chunk([], index + 1, 1)
        self._stand(failed=1, last_error=failure.message)

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
            stop_reason=self._stop_reason if self._skipped else None,
            all_failed=all_failed,
            example_trace=self._example_trace,
        )

    @property
    def _skipped(self) -> int:
        """Trials that were not run, once nothing is under way."""
        return self._plan.total - self._standing.completed - self._standing.failed

    def _why_interpreted(self) -> list[str]:
        """Tells once why trials that were to be compiled were not: the reason of most of them."""
        if not self._interpreted:
            return []
        ((why, count),) = self._interpreted.most_common(1)
        computed = self._standing.completed - self._reused
        return [f"interpreted: {why}" if count >= computed else f"{count:,} of {computed:,} trials interpreted: {why}"]

    def _robustness(self) -> Robustness | None:
        plan = self._plan
        try:
            return robustness_of(
                Path(plan.result_dir),
                self._standing.top,
                ranking=plan.ranking,
                space=plan.space,
                main=plan.data[0],
            )
        except (ForgeError, OSError) as error:  # the bars may have been deleted meanwhile
            self._warnings.append(f"how robust the best trials are cannot be told: {error}")
            return None

    def _result(self) -> OptimizationResult:
        plan, standing = self._plan, self._standing
        robustness = self._robustness()
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
            warnings=[*self._warnings, *self._why_interpreted()],
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
            robustness=robustness,
            failures=groups[:_GROUPS_LIMIT],
            trials_total=standing.completed + standing.failed,
        )
