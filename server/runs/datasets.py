"""The catalogue as the server offers it: imports run in workers, changes are announced."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from server.contract.catalogue import DatasetInfo
from server.data.catalogue import Catalogue
from server.execution.port import Executor
from server.execution.tasks import ImportDone, ImportTask, TaskFailed
from server.runs.failures import as_error

_log = logging.getLogger(__name__)


class DatasetService:
    """Implements `runs.port.Datasets` over the catalogue and the executor."""

    def __init__(
        self,
        catalogue: Catalogue,
        executor: Executor,
        *,
        announce: Callable[[Any], Awaitable[None]],
    ) -> None:
        self._catalogue = catalogue
        self._executor = executor
        self._announce = announce

    def all(self) -> list[DatasetInfo]:
        """Every version of every series, by name, newest first."""
        return self._catalogue.all()

    def get(self, dataset_id: str) -> DatasetInfo | None:
        """One version."""
        return self._catalogue.get(dataset_id)

    @property
    def root(self) -> Path:
        """The folder of the catalogue, for import tasks."""
        return self._catalogue.root

    def upload_path(self) -> Path:
        """A fresh path on the catalogue's disk for the body of an upload; the caller deletes what it leaves."""
        return self._catalogue.upload_path()

    async def add(self, task: ImportTask) -> tuple[DatasetInfo, bool]:
        """Imports a file in a worker; the data set and whether it is new. ForgeError `bad_rows` names the lines."""
        outcome = await self._executor.start(task).outcome()
        match outcome:
            case ImportDone(dataset=dataset, created=created):
                self._catalogue.refresh()
                if created:
                    _log.info("data set imported", extra={"dataset": dataset.id, "rows": dataset.rows})
                    await self._announce(to_builtins(dataset))
                return dataset, created
            case TaskFailed():
                raise as_error(outcome)
            case _:
                raise AssertionError(f"an import answered {outcome!r}")

    def superseded(self, keep: int) -> dict[str, list[str]]:
        """The imported versions that have at least `keep` newer ones of their series, each with what goes with it."""
        return {
            old.id: [old.id, *(info.id for info in self._catalogue.derived_from(old.id))]
            for old in self._catalogue.superseded(keep)
        }

    async def remove(self, dataset_id: str) -> bool:
        """Forgets a version and what was resampled from it; False when there is none.

        Runs that use them now keep their map until they end.
        """
        if self._catalogue.get(dataset_id) is None:
            return False
        derived = [info.id for info in self._catalogue.derived_from(dataset_id)]
        for gone in (dataset_id, *derived):
            await asyncio.to_thread(self._catalogue.remove, gone)
            await self._announce({"id": gone, "removed": True})
        return True
