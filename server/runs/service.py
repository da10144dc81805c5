"""All that can be done with runs: the one implementation of `runs.port.Runs`."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from server.contract.problems import ForgeError, RunNotFound
from server.contract.requests import BacktestRequest, OptimizationRequest, RunKind
from server.contract.run import (
    CancelAnswer,
    Dedup,
    Evaluation,
    Links,
    Revision,
    RunSnapshot,
    Submission,
    shortened,
)
from server.optimization.space import Space
from server.runs.decision import Answer, Begin, Follow, Join
from server.runs.evaluation import Evaluator
from server.runs.inputs import AttemptInputs
from server.runs.ledger import Ledger
from server.runs.live_run import now_instant
from server.runs.port import RunView, RunViewPage, ShownSeries
from server.runs.prepare import prepare
from server.runs.prepared import AnyPrepared, first_snapshot
from server.runs.series import ResampledSeries
from server.runs.slices import provide
from server.runs.strategies import StrategyRegistry
from server.runs.supported import refuse_unsupported
from server.store.port import RunFilter, RunStore, StoredRun
from server.store.results import ResultFiles

_QUEUE_LOOK_S: Final = 0.5


class RunService:
    """The façade over preparation, ledger and store."""

    def __init__(
        self,
        ledger: Ledger,
        store: RunStore,
        results: ResultFiles,
        strategies: StrategyRegistry,
        series: ResampledSeries,
        evaluator: Evaluator,
    ) -> None:
        self._ledger = ledger
        self._store = store
        self._results = results
        self._strategies = strategies
        self._series = series
        self._evaluator = evaluator
        self._inputs = AttemptInputs(ledger, store, series)
        self._draining = False

    @property
    def store_id(self) -> str:
        """The UUID of the home."""
        return self._store.store_id

    def drain(self) -> None:
        """Refuses submissions from now on."""
        self._draining = True

    async def submit(self, request: BacktestRequest | OptimizationRequest, *, dry_run: bool = False) -> Submission:
        """Starts, joins or answers a run from the store; with `dry_run` only says which of these it would be."""
        if self._draining:
            raise ForgeError("draining", "The server is about to stop; submit again in a moment.", retry_after_s=5)
        prepared = await self._prepare(request)
        if dry_run:
            return await self._preview(prepared, request)
        snapshot, dedup = await self._ledger.submit(prepared, msgspec.json.encode(request), force=request.force)
        return self._submission(snapshot, dedup)

    async def _prepare(self, request: BacktestRequest | OptimizationRequest) -> AnyPrepared:
        found = await self._strategies.found(request.strategy_name)
        refuse_unsupported(request)
        await provide(request, self._series)
        if isinstance(request, BacktestRequest):
            return prepare(request, found, self._series)
        # Laying out and hashing a large space takes longer than the event loop may be held.
        return await asyncio.to_thread(prepare, request, found, self._series)

    async def _preview(self, prepared: AnyPrepared, request: BacktestRequest | OptimizationRequest) -> Submission:
        decision, dedup = await self._ledger.preview(prepared, force=request.force)
        match decision:
            case Join(snapshot) | Answer(snapshot):
                return self._submission(snapshot, dedup)
            case Begin(attempt) | Follow(attempt):
                snapshot = first_snapshot(prepared, attempt=attempt, store_id=self.store_id, submitted_at=now_instant())
                return self._submission(snapshot, dedup)

    def _submission(self, snapshot: RunSnapshot, dedup: Dedup) -> Submission:
        run = snapshot.run
        path = f"/api/{'backtests' if run.kind == 'backtest' else 'optimizations'}/{run.run_key}"
        backtest = run.kind == "backtest"
        return Submission(
            run_key=run.run_key,
            kind=run.kind,
            attempt=run.attempt,
            status=snapshot.state.status,
            is_dedup=dedup != "none",
            dedup=dedup,
            queue_position=self.queue_position(run.run_key),
            links=Links(
                self=path,
                status=f"{path}/status",
                cancel=f"{path}/cancel",
                websocket=f"/ws/runs/{run.run_key}",
                report=f"/{'backtests' if backtest else 'optimizations'}/{run.run_key}",
            ),
            total_bars=run.total if backtest else msgspec.UNSET,
            total_combinations=msgspec.UNSET if backtest else run.total,
        )

    async def evaluate(self, request: OptimizationRequest) -> Evaluation:
        """What the optimization would cost; the raw count whatever its size."""
        return await self._evaluator.evaluate(request)

    async def view(self, kind: RunKind, run_key: str, attempt: int | None = None) -> RunView:
        """A run as it stands; RunNotFound."""
        live = self._ledger.live.get(run_key)
        stored = await self._store.load(run_key)
        newest = live.snapshot if live else stored.newest.snapshot if stored else None
        if newest is None or newest.run.kind != kind:
            raise RunNotFound(run_key)
        stop_reason = stored.newest.stop_reason if stored and not live else None
        completed = stored.completed if stored else None
        if attempt is not None and attempt != newest.run.attempt:
            other = await self.snapshot(run_key, attempt)
            newest = other or newest
        request = stored.newest.request if stored else None
        return RunView(newest, self.queue_position(run_key), completed, stop_reason, request)

    async def snapshot(self, run_key: str, attempt: int | None = None) -> RunSnapshot | None:
        """The newest visible state; with an `attempt` not visible yet its Pending state; None when unknown.

        An attempt that was answered from the one before it has none of its own: then that one is the answer.
        """
        live = self._ledger.live.get(run_key)
        if live is not None:
            if attempt is not None and attempt > live.attempt and live.waiting:
                hidden = [waiting.record.snapshot for waiting in live.waiting]
                asked = next((snapshot for snapshot in hidden if snapshot.run.attempt >= attempt), hidden[-1])
                return msgspec.structs.replace(asked, rev=live.snapshot.rev)
            return shortened(live.snapshot)
        stored = await self._store.load(run_key)
        return shortened(stored.newest.snapshot) if stored else None

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        """Every visible run that is not terminal, with its queue position."""
        return [(live.snapshot, self.queue_position(key)) for key, live in self._ledger.live.items()]

    def queue_position(self, run_key: str) -> int | None:
        """The place of a Pending run in the queue, 1 for the next one to start; None when it does not wait."""
        return self._ledger.queue.position(run_key)

    async def wait_for_change(
        self, kind: RunKind, run_key: str, seen: tuple[Revision, int | None, int | None], timeout_s: float
    ) -> RunView:
        """The view once (rev, queue position, result attempt) differs from `seen`, at latest after the timeout."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while True:
            live = self._ledger.live.get(run_key)
            changed = live.changed if live else None
            view = await self.view(kind, run_key)
            now = (view.snapshot.rev, view.queue_position, view.result_attempt)
            remaining = deadline - asyncio.get_running_loop().time()
            if now != seen or changed is None or remaining <= 0:
                return view
            with suppress(TimeoutError):
                # A place in the queue changes with other runs: then only looking again tells.
                async with asyncio.timeout(min(remaining, _QUEUE_LOOK_S) if view.queue_position else remaining):
                    await changed.wait()

    async def page(self, query: RunFilter) -> RunViewPage:
        """One page of runs, live states included."""
        page = await self._store.page(query)
        return RunViewPage([self._overlaid(run) for run in page.items], page.next_cursor, page.total_count)

    def _overlaid(self, run: StoredRun) -> RunView:
        run_key = run.newest.run_key
        live = self._ledger.live.get(run_key)
        snapshot = live.snapshot if live else run.newest.snapshot
        return RunView(snapshot, self.queue_position(run_key), run.completed, None if live else run.newest.stop_reason)

    async def cancel(self, kind: RunKind, run_key: str) -> CancelAnswer:
        """Asks every unfinished attempt to stop; RunNotFound, `already_terminal`."""
        status, requested = await self._ledger.cancel(kind, run_key)
        return CancelAnswer(run_key=run_key, status=status, cancel_requested=requested)

    async def delete(self, kind: RunKind, run_key: str) -> None:
        """Cancels, waits for the end, forgets the run with its files; RunNotFound."""
        await self._ledger.delete(kind, run_key)

    def result_dir(self, run_key: str, attempt: int) -> Path:
        """The folder of an attempt's result files."""
        return self._results.attempt_dir(run_key, attempt)

    async def space(self, run_key: str, attempt: int) -> Space:
        """The sets of parameters that an attempt of an optimization visits; RunNotFound when it is gone."""
        return await self._inputs.space(run_key, attempt)

    async def series(self, run_key: str, attempt: int, number: int) -> ShownSeries:
        """The bars of one series of an attempt (0: the main one), where they are now."""
        return await self._inputs.series(run_key, attempt, number)
