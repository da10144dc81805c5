"""The series that runs can name: those of the catalogue, and longer time frames made from them when first asked for."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from server.contract.catalogue import CashFlowKind, DatasetInfo
from server.data.catalogue import Catalogue
from server.data.instrument import Instrument
from server.execution.port import Executor
from server.execution.tasks import ImportDone, ResampleTask, TaskFailed
from server.runs.failures import as_error
from server.runs.locks import KeyedLocks


class ResampledSeries:
    """Implements `runs.slices.Series` over the catalogue."""

    def __init__(self, catalogue: Catalogue, executor: Executor, *, announce: Callable[[Any], Awaitable[None]]) -> None:
        self._catalogue = catalogue
        self._executor = executor
        self._announce = announce
        self._locks = KeyedLocks()

    async def provide(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> None:
        """Has a worker resample the finest series when this one is not stored; nothing when that cannot be done.

        Raises InvalidRequest for names that are none, ForgeError when the worker fails.
        """
        if self._catalogue.resampling_source(asset, exchange, time_frame, prefix=prefix) is None:
            return
        async with self._locks.hold(f"{asset} {exchange}"):  # of two who ask at once one has it made
            source = self._catalogue.resampling_source(asset, exchange, time_frame)
            if source is not None:
                await self._resample(source, time_frame)

    async def _resample(self, source: DatasetInfo, time_frame: str) -> None:
        task = ResampleTask(catalogue_root=str(self._catalogue.root), source_id=source.id, time_frame=time_frame)
        match await self._executor.start(task).outcome():
            case ImportDone(dataset=dataset):
                self._catalogue.refresh()
                await self._announce(to_builtins(dataset))
            case TaskFailed() as failure:
                if self._catalogue.get(source.id) is not None:  # else it was deleted meanwhile: resolving tells that
                    raise as_error(failure)
            case outcome:
                raise AssertionError(f"a resampling answered {outcome!r}")

    def resolve(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> DatasetInfo:
        """See `Catalogue.resolve`."""
        return self._catalogue.resolve(asset, exchange, time_frame, prefix=prefix)

    def resolve_flows(self, asset: str, exchange: str, kind: CashFlowKind, path: str) -> DatasetInfo:
        """See `Catalogue.resolve_flows`."""
        return self._catalogue.resolve_flows(asset, exchange, kind, path)

    def rows_between(self, dataset_id: str, start_ms: int, end_ms: int) -> tuple[int, int]:
        """See `Catalogue.rows_between`."""
        return self._catalogue.rows_between(dataset_id, start_ms, end_ms)

    def open_of(self, dataset_id: str, row: int) -> int:
        """See `Catalogue.open_of`."""
        return self._catalogue.open_of(dataset_id, row)

    def directory(self, dataset_id: str) -> Path:
        """See `Catalogue.directory`."""
        return self._catalogue.directory(dataset_id)

    def instrument(self, dataset_id: str) -> Instrument:
        """See `Catalogue.instrument`."""
        return self._catalogue.instrument(dataset_id)
