"""Every transition of every run: decided under the run's lock, committed, then published."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Literal, Protocol, assert_never

import msgspec

from server.broker.port import Broker
from server.contract.problems import ForgeError, RunNotFound
from server.contract.requests import RunKind
from server.contract.run import Dedup, Revision, RunSnapshot, RunStatus, shortened
from server.runs.decision import Answer, Begin, Decision, Follow, Join, decide, joins
from server.runs.extras import has_extras
from server.runs.lifecycle import check_transition
from server.runs.live_run import LiveRun, Waiting, WorkProgress, now_instant
from server.runs.locks import KeyedLocks
from server.runs.notices import NOBODY, Notices
from server.runs.prepared import AnyPrepared, first_snapshot
from server.runs.queue import RunQueue
from server.store.port import AttemptRecord, RunStore, StoredRun

_log = logging.getLogger(__name__)
_RETRY_S: Final = 1.0
EndStatus = Literal["Completed", "Failed", "Cancelled"]


class RunFiles(Protocol):
    """The result folders of runs."""

    async def remove(self, run_key: str) -> None:
        """Deletes the files of every attempt of a run."""
        ...


class Ledger:
    """Owns the attempts that are not terminal. `queue` holds those that wait for work to begin.

    `ended` counts those that have ended since the start.
    """

    def __init__(
        self,
        store: RunStore,
        broker: Broker,
        queue: RunQueue[LiveRun],
        files: RunFiles,
        notices: Notices = NOBODY,
    ) -> None:
        self._store = store
        self._notices = notices
        self._broker = broker
        self._files = files
        self._locks = KeyedLocks()
        self.queue = queue
        self.live: dict[str, LiveRun] = {}
        self.queued = asyncio.Event()
        self.ended = Counter[tuple[RunKind, RunStatus]]()
        self._bars = 0

    @property
    def bars(self) -> int:
        """Bars simulated since the start, by what runs and what has ended."""
        return self._bars + sum(live.bars for live in self.live.values())

    # submission

    async def preview(self, prepared: AnyPrepared, *, force: bool) -> tuple[Decision, Dedup]:
        """What a submission would become; starts nothing."""
        stored = await self._store.load(prepared.run_key)
        decision = decide(self.live.get(prepared.run_key), stored, prepared, force=force)
        return decision, _dedup(decision)

    async def submit(self, prepared: AnyPrepared, request: bytes, *, force: bool) -> tuple[RunSnapshot, Dedup]:
        """Joins, answers or starts; what it returns is committed."""
        async with self._locks.hold(prepared.run_key):
            live = self.live.get(prepared.run_key)
            # While an attempt is under way it decides alone; asking the store first would only cost time.
            joined = live is not None and joins(live, prepared)
            stored = None if joined else await self._store.load(prepared.run_key)
            decision = decide(live, stored, prepared, force=force)
            match decision:
                case Join(snapshot) | Answer(snapshot):
                    return snapshot, _dedup(decision)
                case Begin(attempt):
                    record = await self._keep(prepared, request, attempt, visible=True)
                    self._enter(record, prepared)
                    await self._publish(record.snapshot)
                    return record.snapshot, "none"
                case Follow(attempt):
                    assert live is not None  # only a live run can be followed
                    record = await self._keep(prepared, request, attempt, visible=False)
                    live.waiting.append(Waiting(record, prepared, force))
                    return record.snapshot, "none"
                case _:
                    assert_never(decision)

    async def _keep(self, prepared: AnyPrepared, request: bytes, attempt: int, *, visible: bool) -> AttemptRecord:
        self.queue.reserve()
        try:
            snapshot = first_snapshot(
                prepared, attempt=attempt, store_id=self._store.store_id, submitted_at=now_instant()
            )
            record = AttemptRecord(
                snapshot=snapshot,
                request=request,
                prepared=msgspec.json.encode(prepared),
                priority=prepared.priority,
                visible=visible,
                families=prepared.families,
            )
            return await self._store.add_attempt(record)
        finally:
            self.queue.release()

    def _enter(self, record: AttemptRecord, prepared: AnyPrepared) -> LiveRun:
        live = LiveRun(record, prepared)
        self.live[live.run_key] = live
        self.queue.push(live.run_key, live, prepared.priority)
        self.queued.set()
        _log.info("run queued", extra=live.log())
        return live

    def restore(self, record: AttemptRecord, prepared: AnyPrepared) -> LiveRun:
        """Takes an attempt that a former owner left Pending back into the queue."""
        return self._enter(record, prepared)

    def restore_waiting(self, live: LiveRun, record: AttemptRecord, prepared: AnyPrepared) -> None:
        """Puts a hidden attempt of a former owner behind the one it waited for."""
        live.waiting.append(Waiting(record, prepared, True, cancelled=record.snapshot.state.cancel_requested))

    # work

    async def begin(self, live: LiveRun) -> bool:
        """Pending → Running; False when the run ended before its work began."""
        async with self._locks.hold(live.run_key):
            if live.ended.is_set() or live.state.status != "Pending":
                return False
            live.start_clock()
            await self._change(live, status="Running", phase="starting", started_at=now_instant())
            _log.info("run started", extra=live.log())
            return True

    async def report(self, live: LiveRun, progress: WorkProgress) -> bool:
        """Publishes a progress reading when it says something new; no commit, since the next one replaces it."""
        changes = live.measured(progress)
        moved = any(
            getattr(live.state, name) != value
            for name, value in changes.items()
            if name not in ("rate_per_second", "bars_per_second", "eta_seconds")
        )
        if not moved or live.ending or live.ended.is_set():
            return False
        snapshot = live.advance(**changes)
        live.take(snapshot)
        await self._publish(snapshot)
        return True

    async def end(
        self,
        live: LiveRun,
        status: EndStatus,
        *,
        metrics: dict[str, Any] | None = None,
        stop_reason: str | None = None,
        **changes: Any,
    ) -> None:
        """Commits the terminal state of an attempt, publishes it, and reveals the attempt that waits behind."""
        async with self._locks.hold(live.run_key):
            await self._end(live, status, metrics=metrics, stop_reason=stop_reason, **changes)

    async def _end(
        self,
        live: LiveRun,
        status: EndStatus,
        *,
        metrics: dict[str, Any] | None = None,
        stop_reason: str | None = None,
        **changes: Any,
    ) -> None:
        check_transition(live.run_key, live.state.status, status)
        self.queue.remove(live.run_key)
        waiting = live.waiting
        # The result came after all: the one that waits is answered from it, unless it was forced or asks for more.
        answered = status == "Completed" and bool(waiting) and _answers(live, waiting[-1])
        snapshot = live.advance(**(changes | {"status": status, "phase": None}))
        live.ending = True  # no reading may take the revision of the final state while that is being committed
        try:
            revealed = await self._commit_end(live, snapshot, metrics, stop_reason, drop_waiting=answered)
        finally:
            live.ending = False
        del self.live[live.run_key]
        self._bars += live.bars
        self.ended[snapshot.run.kind, status] += 1
        live.take(snapshot)
        live.ended.set()
        _log.info("run ended", extra={**live.log(), "status": status, "elapsed_ms": snapshot.state.elapsed_ms})
        await self._publish(snapshot)
        self._notices.wake()
        if revealed is not None:
            first, *rest = waiting
            follower = self._enter(revealed, first.prepared)
            follower.waiting = rest
            await self._publish(revealed.snapshot)
            if first.cancelled:
                await self._end(follower, "Cancelled", cancel_requested=True)

    async def _commit_end(
        self,
        live: LiveRun,
        snapshot: RunSnapshot,
        metrics: dict[str, Any] | None,
        stop_reason: str | None,
        *,
        drop_waiting: bool,
    ) -> AttemptRecord | None:
        notices = self._notices.of_end(snapshot, metrics, stop_reason)
        while True:
            try:
                return await self._store.finish(
                    snapshot, metrics=metrics, stop_reason=stop_reason, drop_waiting=drop_waiting, notices=notices
                )
            except ForgeError as error:
                # A full disk must not lose an end: it is shown only once it is kept.
                _log.exception("the end of a run cannot be stored yet", extra={**live.log(), "code": error.code})
                await asyncio.sleep(_RETRY_S)

    async def keep_progress(self) -> None:
        """Stores how far running attempts are, which otherwise only their ends do: for an owner that is about to go."""
        for live in list(self.live.values()):
            async with self._locks.hold(live.run_key):
                if live.state.status == "Running" and not live.ended.is_set():
                    await self._store.save(live.snapshot)

    # cancel and delete

    async def cancel(self, kind: RunKind, run_key: str) -> tuple[RunStatus, bool]:
        """Asks every unfinished attempt to stop; the status and whether a cancel is now requested."""
        async with self._locks.hold(run_key):
            live = self.live.get(run_key)
            if live is None or live.snapshot.run.kind != kind:
                stored = await self._store.load(run_key)
                if stored is None or stored.newest.snapshot.run.kind != kind:
                    raise RunNotFound(run_key)
                status = stored.newest.snapshot.state.status
                raise ForgeError("already_terminal", f"The run {run_key} is {status} already.")
            await self._cancel_waiting(live)
            await self._stop(live)
            return live.state.status, True

    async def _cancel_waiting(self, live: LiveRun) -> None:
        for waiting in live.waiting:
            if not waiting.cancelled:
                waiting.cancelled = True
                hidden = waiting.record.snapshot
                state = msgspec.structs.replace(hidden.state, cancel_requested=True)
                waiting.record = msgspec.structs.replace(
                    waiting.record, snapshot=msgspec.structs.replace(hidden, state=state)
                )
                await self._store.save(waiting.record.snapshot)

    async def _stop(self, live: LiveRun) -> None:
        if live.state.status == "Pending":
            await self._end(live, "Cancelled", cancel_requested=True)
            return
        if not live.state.cancel_requested:
            if live.work is not None:
                live.work.stop()
            _log.info("cancel requested", extra=live.log())
            await self._change(live, cancel_requested=True)

    async def delete(self, kind: RunKind, run_key: str) -> None:
        """Cancels what runs, waits for its end, forgets the run; RunNotFound."""
        while True:
            async with self._locks.hold(run_key):
                live = self.live.get(run_key)
                if live is None:
                    stored = await self._store.load(run_key)
                    if stored is None or stored.newest.snapshot.run.kind != kind:
                        raise RunNotFound(run_key)
                    await self._forget(run_key)
                    return
                if live.snapshot.run.kind != kind:
                    raise RunNotFound(run_key)
                await self._cancel_waiting(live)
                await self._stop(live)
            await live.ended.wait()

    async def forget(self, run_key: str, rev: Revision) -> bool:
        """Forgets a run that is still at this end; False, and nothing happens, when it has gone on or is gone."""
        async with self._locks.hold(run_key):
            stored = None if run_key in self.live else await self._store.load(run_key)
            if stored is None or stored.newest.snapshot.rev != rev:
                return False
            await self._forget(run_key)
            return True

    async def _forget(self, run_key: str) -> None:
        gone = await self._store.delete(run_key)
        try:
            # Under the lock: the next attempt with this key starts in a folder of the same name.
            await self._files.remove(run_key)
        finally:  # whatever is left of its files, the run is gone
            if gone is not None:
                await self._broker.remove(run_key, gone.rev)
        _log.info("run deleted", extra={"run_key": run_key})

    # helpers of all of them

    async def _change(self, live: LiveRun, **changes: Any) -> None:
        if "status" in changes:
            check_transition(live.run_key, live.state.status, changes["status"])
        snapshot = live.advance(**changes)
        live.take(snapshot)
        await self._store.save(snapshot)
        await self._publish(live.snapshot)

    async def _publish(self, snapshot: RunSnapshot) -> None:
        try:
            await self._broker.publish(shortened(snapshot))
        except ForgeError as error:
            # Subscribers resync when the broker is back; the run itself goes on.
            extra = {"run_key": snapshot.run_key, "code": error.code}
            _log.warning("a state could not be published", extra=extra)

    async def load(self, run_key: str) -> StoredRun | None:
        """What the store knows of a run."""
        return await self._store.load(run_key)

    @asynccontextmanager
    async def holding(self, run_key: str) -> AsyncIterator[None]:
        """Holds the run's lock: nothing is decided about it meanwhile."""
        async with self._locks.hold(run_key):
            yield


def _answers(live: LiveRun, waiting: Waiting) -> bool:
    return not waiting.force and has_extras(live.prepared, waiting.prepared)


def _dedup(decision: Decision) -> Dedup:
    match decision:
        case Join():
            return "inFlight"
        case Answer():
            return "cached"
        case Begin() | Follow():
            return "none"
        case _:
            assert_never(decision)
