"""Lets go of what is older, or more, than is to be kept."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec

from server.background import unbroken
from server.contract.base import format_instant
from server.contract.problems import ForgeError
from server.contract.retention import KeepRules, PrunedLog, PrunedRun, Pruning
from server.runs.datasets import DatasetService
from server.runs.ledger import Ledger
from server.runs.prepared import AnyPrepared
from server.store.kept_files import size_bytes
from server.store.port import FinishedRun, RunStore
from server.store.results import ResultFiles

_log: Final = logging.getLogger(__name__)
_decoder: Final = msgspec.json.Decoder(AnyPrepared)
_DAY_MS: Final = 86_400_000
AT_ONCE: Final = 500
"""Of each kind, in one pass and in one answer."""
KEEP_ALL: Final = KeepRules(runs=None, days=None, event_log_days=None, dataset_versions=None)


class Pace(NamedTuple):
    """Seconds between two passes, and between two things that go: requests and runs come first."""

    every_s: float = 600.0
    step_s: float = 0.02


PACE: Final = Pace()


class _Expired(NamedTuple):
    runs: list[FinishedRun]
    logs: list[tuple[str, int]]
    datasets: list[str]

    def add(self, other: "_Expired") -> None:
        self.runs.extend(other.runs)
        self.logs.extend(other.logs)
        self.datasets.extend(other.datasets)


class Retention:
    """Never touches what is unfinished, nor a data set that an attempt in the store was made from."""

    def __init__(
        self,
        rules: KeepRules,
        ledger: Ledger,
        store: RunStore,
        results: ResultFiles,
        datasets: DatasetService,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._rules = rules
        self._ledger = ledger
        self._store = store
        self._results = results
        self._datasets = datasets
        self._now_ms = now_ms
        self._pruning = asyncio.Lock()

    async def run(self, pace: Pace = PACE) -> None:
        """For ever; does nothing where everything is kept."""
        while True:
            more = False
            try:
                more = self._rules != KEEP_ALL and (await self.prune(step_s=pace.step_s)).more
            except (ForgeError, OSError) as error:
                _log.warning("what is not to be kept could not be removed", extra={"reason": str(error)})
            except Exception:  # noqa: BLE001  # its end would be that of the server
                _log.exception("what is not to be kept could not be removed")
            await asyncio.sleep(pace.step_s if more else pace.every_s)

    async def prune(self, *, dry_run: bool = False, step_s: float = 0.0) -> Pruning:
        """Removes what is beyond the rules, at most so much at once; with `dry_run` only tells of it."""
        async with self._pruning:
            found = await self._find()
            gone, size = (found, await self._size(found)) if dry_run else await self._remove(found, step_s)
        return Pruning(
            dry_run=dry_run,
            rules=self._rules,
            runs=[
                PrunedRun(run_key=run.run_key, kind=run.kind, ended_at=format_instant(run.ended_ms))
                for run in gone.runs
            ],
            event_logs=[PrunedLog(run_key=run_key, attempt=attempt) for run_key, attempt in gone.logs],
            datasets=gone.datasets,
            bytes=size,
            # Where nothing could be removed, asking again at once would come to nothing again.
            more=any(gone) and any(len(kind) == AT_ONCE for kind in found),
        )

    async def _find(self) -> _Expired:
        rules, now_ms = self._rules, self._now_ms()
        runs: list[FinishedRun] = []
        if rules.runs is not None or rules.days is not None:
            before_ms = None if rules.days is None else now_ms - round(rules.days * _DAY_MS)
            runs = await self._store.expired_runs(beyond=rules.runs, before_ms=before_ms, limit=AT_ONCE)
        leaving = {run.run_key for run in runs}
        logs: list[tuple[str, int]] = []
        if rules.event_log_days is not None:
            logs = [
                (run_key, attempt)
                for run_key, attempt in await self._results.event_logs(now_ms - round(rules.event_log_days * _DAY_MS))
                if run_key not in leaving and not self._at_work(run_key, attempt)
            ]
        datasets = [] if rules.dataset_versions is None else await self._unnamed(rules.dataset_versions, leaving)
        return _Expired(runs, logs[:AT_ONCE], datasets[:AT_ONCE])

    async def _unnamed(self, keep: int, leaving: set[str]) -> list[str]:
        """The old versions that no run that stays was made from, nor from what was resampled from them."""
        old = self._datasets.superseded(keep)
        named = await self._store.named_datasets([one for family in old.values() for one in family], leaving)
        return [dataset_id for dataset_id, family in old.items() if named.isdisjoint(family)]

    async def _size(self, found: _Expired) -> int:
        size = await self._results.size_bytes([run.run_key for run in found.runs], found.logs)
        folders = [self._datasets.root / dataset_id for dataset_id in found.datasets]
        return size + await asyncio.to_thread(size_bytes, folders)

    async def _remove(self, found: _Expired, step_s: float) -> tuple[_Expired, int]:
        """What of it is gone, with its bytes; each thing whole, whatever happens meanwhile."""
        gone, size = _Expired([], [], []), 0
        for one, removal in self._each(found):
            try:
                its_size = await self._size(one)
                if await unbroken(removal()):
                    size += its_size
                    gone.add(one)
            except ForgeError:  # the store or the broker: what comes next would fare no better
                raise
            except Exception:  # noqa: BLE001  # one damaged thing must not keep all that come after it
                _log.exception("what is not to be kept could not be removed", extra={"what": repr(one)})
            await asyncio.sleep(step_s)
        if any(gone):
            extra = {"runs": len(gone.runs), "event_logs": len(gone.logs), "datasets": len(gone.datasets)}
            _log.info("removed what is not to be kept", extra=extra)
        return gone, size

    def _each(self, found: _Expired) -> Iterator[tuple[_Expired, Callable[[], Coroutine[Any, Any, bool]]]]:
        for run in found.runs:
            yield _Expired([run], [], []), partial(self._ledger.forget, run.run_key, run.rev)
        for run_key, attempt in found.logs:
            yield _Expired([], [(run_key, attempt)], []), partial(self._forget_log, run_key, attempt)
        for dataset_id in found.datasets:
            yield _Expired([], [], [dataset_id]), partial(self._forget_dataset, dataset_id)

    async def _forget_dataset(self, dataset_id: str) -> bool:
        # Asked again: a run that was submitted meanwhile may have been prepared before there was a newer version.
        if await self._store.named_datasets([dataset_id], ()):
            return False
        return await self._datasets.remove(dataset_id)

    async def _forget_log(self, run_key: str, attempt: int) -> bool:
        async with self._ledger.holding(run_key):
            if self._at_work(run_key, attempt):
                return False
            record = await self._store.load_attempt(run_key, attempt)
            if record is not None:
                # Or a submission that asks for the log would be answered from this attempt, which has none any more.
                prepared = _decoder.decode(record.prepared)
                settings = msgspec.structs.replace(prepared.settings, event_log=False)
                without = msgspec.json.encode(msgspec.structs.replace(prepared, settings=settings))
                await self._store.replace_prepared(run_key, attempt, without)
            await self._results.forget_event_log(run_key, attempt)
            return True

    def _at_work(self, run_key: str, attempt: int) -> bool:
        live = self._ledger.live.get(run_key)
        return live is not None and live.attempt == attempt
