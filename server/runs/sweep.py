"""One attempt of an optimization on the owner's side: its coordinator decides, the executor runs its chunks."""

import asyncio
import logging
from collections import deque

from server.contract.requests import StopRules
from server.contract.run import Mode
from server.execution.port import Counts, TaskHandle
from server.execution.tasks import (
    BacktestDone,
    CurvesDone,
    GroupDone,
    GroupTask,
    Outcome,
    TaskFailed,
    TrialsDone,
)
from server.optimization.selection import EXACT
from server.optimization.visits import GRID
from server.runs.backtests import end_failed
from server.runs.coordinator_link import CoordinatorLink, CoordinatorLost, coordinating
from server.runs.earlier import earlier_attempts
from server.runs.ledger import Ledger
from server.runs.live_run import LiveRun, WorkProgress, now_ms
from server.runs.merging import LEAST_TRIALS, merge_apart
from server.runs.prepared import PreparedOptimization
from server.runs.speeds import speed_key
from server.runs.sweep_messages import (
    ChunkEnded,
    KeepCurves,
    Resized,
    RunChunk,
    RunWindow,
    Standing,
    StopSweep,
    SweepEnded,
    SweepPlan,
    TimeOver,
)
from server.runs.sweep_tasks import SweepChunk, SweepPart, task_of, timeout_s
from server.runs.workplace import Workplace

_log = logging.getLogger(__name__)


class Sweep:
    """Implements `live_run.Work`: what is shown are the committed counts with those of the chunks under way."""

    def __init__(self, live: LiveRun, ledger: Ledger, place: Workplace) -> None:
        assert isinstance(live.prepared, PreparedOptimization)
        self.live = live
        self._prepared = live.prepared
        self._ledger = ledger
        self._place = place
        self._folder = place.results.new_attempt_dir(live.run_key, live.attempt)
        self._ready: deque[SweepPart] = deque()
        self._under_way: dict[int, TaskHandle] = {}
        self._grouping: TaskHandle | None = None
        self._saving = False
        self._standing = Standing()
        self._link: CoordinatorLink | None = None
        self._stopping = False
        self._outstanding = 0
        self._worked_s = 0.0
        self._idle = asyncio.Event()
        self._idle.set()
        self._fault: TaskFailed | None = None
        self._mode: Mode | None = None

    @property
    def run_key(self) -> str:
        """The run."""
        return self.live.run_key

    # for the scheduler

    @property
    def has_chunk(self) -> bool:
        """Whether a chunk could be run now."""
        limit = self._prepared.max_parallelism
        return bool(self._ready) and not self._stopping and (limit is None or len(self._under_way) < limit)

    def take_chunk(self) -> SweepPart:
        """The next chunk; only when `has_chunk`."""
        self._outstanding += 1
        self._idle.clear()
        return self._ready.popleft()

    def resized(self) -> None:
        """There is another number of workers now."""
        if self._link is not None:
            self._link.post(Resized(slots=self._place.executor.slots))

    async def run_chunk(self, chunk: SweepPart) -> None:
        """Runs one chunk, tells the coordinator."""
        try:
            task = task_of(self._prepared, self.live.attempt, self._folder, chunk)
            handle = self._place.executor.start(task, timeout_s=timeout_s(self._prepared, chunk))
            self._under_way[chunk.first] = handle
            if self._stopping:
                handle.cancel()
            outcome = await handle.outcome()
            elapsed_s = handle.worked_s()
            self._worked_s += 0.0 if self._saving else elapsed_s
            await self._tell(chunk, elapsed_s, outcome)
        finally:
            self._under_way.pop(chunk.first, None)
            self._outstanding -= 1
            if self._outstanding == 0:
                self._idle.set()
                if self._stopping and self._link is not None:
                    self._link.post(StopSweep())

    async def _tell(self, chunk: SweepPart, elapsed_s: float, outcome: Outcome) -> None:
        if not isinstance(outcome, TrialsDone | CurvesDone | BacktestDone | TaskFailed):
            raise AssertionError(f"a chunk answered {outcome!r}")  # noqa: TRY004  # a bug, not an argument's type
        if isinstance(outcome, TaskFailed) and outcome.cause in ("raised", "refused") and not self._saving:
            # Not a trial failed but what runs them: no other chunk would fare better.
            self._fault = self._fault or outcome
            self.stop()
        if isinstance(outcome, TrialsDone) and outcome.completed:
            self._mode = outcome.mode  # a chunk may end before anybody looks at its cell
        link = self._link
        if link is None:
            return
        await link.send(ChunkEnded(first=chunk.first, stop=chunk.stop, elapsed_s=elapsed_s, outcome=outcome))

    # for the ledger

    def progress(self) -> WorkProgress:
        """Trials finished in committed chunks and in those under way."""
        # what closes a sweep is no trial: each of them was counted when it first ended
        cells = [] if self._saving else [handle.counts() for handle in self._under_way.values()]
        standing = self._standing
        return WorkProgress(
            processed=standing.completed + sum(cell.processed for cell in cells),
            failed=standing.failed + sum(cell.failed for cell in cells),
            bars=standing.bars + sum(cell.bars for cell in cells),
            phase="saving" if self._saving else "evaluating",
            mode=_mode(cells) or self._mode,
            best=standing.best,
            top=standing.top,
            stagnation=standing.stagnation,
            last_error=standing.last_error,
            reused=standing.reused,
        )

    def stop(self) -> None:
        """Ends the chunks under way and starts no more; what is finished is kept."""
        self._stopping = True
        self._ready.clear()
        if self._grouping is not None:
            self._grouping.cancel()
        for handle in self._under_way.values():
            handle.cancel()
        if self._outstanding == 0 and self._link is not None:
            self._link.post(StopSweep())

    # the whole of it

    async def run(self) -> None:
        """Runs an attempt that has begun, commits its end, and readies many trials for being read."""
        self.live.work = self
        ended: SweepEnded | None = None
        try:
            async with coordinating(await self._plan(await self._grouped())) as link:
                self._link = link
                self.resized()  # there may be more since the plan was made
                timer = self._time_budget(link)
                if self.live.state.cancel_requested:
                    self.stop()
                try:
                    ended = await self._follow(link)
                finally:
                    if timer is not None:
                        timer.cancel()
        except CoordinatorLost as error:
            self._fault = self._fault or TaskFailed(cause="died", message=str(error))
        finally:
            self._link = None
        self.stop()
        await self._idle.wait()
        await self._end(ended)
        if self._standing.completed + self._standing.failed >= LEAST_TRIALS:
            await merge_apart(self._folder)

    def _time_budget(self, link: CoordinatorLink) -> asyncio.TimerHandle | None:
        """Tells the coordinator when the run has had its time, that of an earlier owner included."""
        budget_s = self._prepared.time_budget_s
        if budget_s is None:
            return None
        left_s = max(0.0, budget_s - self.live.elapsed_s)
        return asyncio.get_running_loop().call_later(left_s, link.post, TimeOver())

    async def _follow(self, link: CoordinatorLink) -> SweepEnded:
        while True:
            match await link.receive():
                case RunChunk() as chunk:
                    if not self._stopping:
                        self._ready.append(
                            SweepChunk(chunk.first, chunk.stop, chunk.numbers, chunk.picks, chunk.window)
                        )
                        self._ledger.queued.set()
                case (KeepCurves() | RunWindow()) as closing:
                    if not self._stopping:
                        self._saving = True
                        self._ready.append(closing)
                        self._ledger.queued.set()
                case Standing() as standing:
                    self._standing = standing
                case SweepEnded() as ended:
                    self._standing = ended.standing
                    return ended

    async def _end(self, ended: SweepEnded | None) -> None:
        last = self.live.measured(self.progress())
        standing = self._standing
        if self._fault is not None:
            await end_failed(self.live, self._ledger, self._fault, last)
        elif ended is None or not ended.complete:
            await end_failed(self.live, self._ledger, TaskFailed(cause="cancelled", message="cancelled"), last)
        elif ended.all_failed is not None:
            last |= {"error_message": ended.all_failed, "error_stack_trace": ended.example_trace}
            await self._ledger.end(self.live, "Failed", **last)
        else:
            last |= self.live.averages(standing.completed + standing.failed - standing.reused, standing.bars)
            metrics = {standing_metric(self._prepared.ranking.sort_by): standing.best.value} if standing.best else {}
            last |= {"skipped": ended.skipped}
            await self._ledger.end(self.live, "Completed", metrics=metrics, stop_reason=ended.stop_reason, **last)
            key = speed_key(self._prepared.strategy.source_hash, compile=self._prepared.settings.compile)
            await self._place.speeds.note(key, standing.bars, self._worked_s)

    async def _grouped(self) -> str | None:
        """Has equivalent sets grouped; the file of the groups, None where there are none or they cannot be told.

        Then each trial is run by itself, and tells what is the matter.
        """
        prepared = self._prepared
        if not prepared.normalizes or prepared.method != GRID or prepared.total > EXACT:
            return None
        if prepared.stop_rules != StopRules():  # they go by the order of the trials, which grouping changes
            return None
        path = str(self._folder / "groups.npz")
        task = GroupTask(strategy=prepared.strategy, space=prepared.space, conditions=prepared.conditions, path=path)
        self._grouping = self._place.executor.start(task)
        if self.live.state.cancel_requested:
            self._grouping.cancel()
        outcome = await self._grouping.outcome()
        if isinstance(outcome, TaskFailed) and outcome.cause != "cancelled":
            _log.warning("equivalent sets are not grouped", extra={**self.live.log(), "reason": outcome.message})
        return path if isinstance(outcome, GroupDone) else None

    async def _plan(self, groups: str | None) -> SweepPlan:
        prepared, place = self._prepared, self._place
        return SweepPlan(
            run_key=self.run_key,
            attempt=self.live.attempt,
            total=prepared.total,
            bars_per_trial=prepared.bars,
            ranking=prepared.ranking,
            method=prepared.method,
            seed=prepared.seed,
            stop_rules=prepared.stop_rules,
            objectives=prepared.objectives,
            axes=prepared.axes,
            space=prepared.space,
            conditions=prepared.conditions,
            slots=place.executor.slots,
            chunk_s=place.executor.chunk_s,
            result_dir=str(self._folder),
            earlier=await earlier_attempts(place.store, place.results, prepared, self.live.attempt),
            markets=prepared.markets,
            groups=groups,
            strategy=prepared.strategy,
            data=prepared.data,
            settings_sent=prepared.settings_sent,
            start_ms=prepared.start_ms,
            end_ms=prepared.end_ms,
            identity=prepared.identity,
            started_ms=now_ms(),
            trial_timeout_s=prepared.trial_timeout_s,
            keep_curves=prepared.keep_curves,
            windows=prepared.windows,
        )


def standing_metric(sort_by: str) -> str:
    """Under which name the best value of a sweep is searched."""
    return "netProfit" if sort_by == "fitness" else sort_by


def _mode(cells: list[Counts]) -> Mode | None:
    return next((cell.mode for cell in cells if cell.mode is not None), None)
