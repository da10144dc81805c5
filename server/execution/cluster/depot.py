"""The owner's side of its tasks' data: what hosts fetch from it, and where they leave what they made."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from distributed.core import Server
from distributed.security import Security

from server.data.bars import BARS_FILE
from server.data.flows import FLOWS_FILE
from server.data.stored import DATASET_FILE
from server.execution.cluster.delivery import NotExpectedError
from server.execution.cluster.orders import CHUNK_BYTES
from server.execution.cluster.relocating import datasets_of
from server.execution.cluster.remote_task import RemoteTask
from server.execution.failures import failure_of
from server.strategies.freezing import collect_source

_log: Final = logging.getLogger(__name__)
_WATCH_S: Final = 5.0
"""How long a host waits for the word that a task is to stop before it asks again; an owner that does not answer for
longer is gone."""
_DATASET_FILES: Final = (DATASET_FILE, BARS_FILE, FLOWS_FILE)
GONE: Final = {"gone": True}
"""The answer to a host whose task nobody wants any more, or has been given to another one."""


class Tasks(Protocol):
    """The tasks that hosts may ask about."""

    def find(self, number: str) -> RemoteTask | None:
        """A task that has not ended."""
        ...


class Depot(Server):  # type: ignore[misc]  # distributed tells no types
    """Listens on an address of its own, with the cluster's TLS where it has that.

    A host names the task that it asks for, whose number nobody can guess, and gets nothing but the data of that task.
    Whoever reaches it is trusted as the whole cluster is: what distributed reads from a connection may be unpickled.
    """

    def __init__(self, tasks: Tasks, security: Security) -> None:
        self._tasks = tasks
        super().__init__(
            {
                "begin": self._begin,
                "watch": self._watch,
                "names": self._names,
                "fetch": self._fetch,
                "grow": self._grow,
                "leave": self._leave,
            },
            connection_args=security.get_connection_args("client"),
            needs_workdir=False,
        )

    async def _begin(self, number: str, execution: str, host: str) -> dict[str, Any]:
        task = self._tasks.find(number)
        if task is None or not execution.isalnum() or not task.begin(execution, host):  # it becomes part of file names
            return GONE
        return await _stored(lambda: task.delivery.begin(execution))

    async def _watch(self, number: str, execution: str) -> dict[str, Any]:
        """Answers when the task is to stop, at the latest after a while."""
        task = self._wanted(number, execution)
        if task is None:
            return GONE
        return {"stop": await task.stop_asked(_WATCH_S)}

    async def _names(self, number: str, execution: str) -> dict[str, Any]:
        """The files of the strategy's source."""
        task = self._wanted(number, execution)
        if task is None:
            return GONE
        strategy = task.task.strategy
        try:
            files = await asyncio.to_thread(collect_source, Path(strategy.directory), f"{strategy.module}.py")
        except (OSError, SyntaxError):
            return {"missing": strategy.name}
        return {"names": sorted(files)}

    async def _fetch(self, number: str, execution: str, dataset: str | None, file: str, offset: int) -> dict[str, Any]:
        """A piece of a file of a data set, or of the strategy's source; the size of the whole one."""
        task = self._wanted(number, execution)
        if task is None:
            return GONE
        path = _source_file(task, file) if dataset is None else _dataset_file(task, dataset, file)
        return {"missing": file} if path is None else await asyncio.to_thread(_piece, path, offset)

    async def _grow(
        self, number: str, execution: str, name: str, offset: int, data: bytes, size: int | None
    ) -> dict[str, Any]:
        task = self._wanted(number, execution)
        if task is None:
            return GONE
        return await _stored(lambda: task.delivery.grow(execution, name, offset, data, size))

    async def _leave(
        self, number: str, execution: str, name: str, offset: int, data: bytes, last: bool
    ) -> dict[str, Any]:
        task = self._wanted(number, execution)
        if task is None:
            return GONE
        return await _stored(lambda: task.delivery.leave(execution, name, offset, data, last=last))

    def _wanted(self, number: str, execution: str) -> RemoteTask | None:
        task = self._tasks.find(number)
        return task if task is not None and task.is_of(execution) else None


def _source_file(task: RemoteTask, file: str) -> Path | None:
    folder = Path(task.task.strategy.directory).resolve()
    path = (folder / file).resolve()
    return path if path.suffix == ".py" and path.is_relative_to(folder) else None


def _dataset_file(task: RemoteTask, dataset: str, file: str) -> Path | None:
    found = datasets_of(task.task).get(dataset)
    return None if found is None or file not in _DATASET_FILES else found.folder / file


def _piece(path: Path, offset: int) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read(CHUNK_BYTES)
            size = file.seek(0, 2)
    except OSError:
        return {"missing": path.name}
    return {"data": data, "size": size}


async def _stored(write: Callable[[], None]) -> dict[str, Any]:
    """Writes beside the loop; what hinders it is told as a task's own failure would be."""
    try:
        await asyncio.to_thread(write)
    except NotExpectedError as error:
        _log.warning("a host sends what is not expected", extra={"file": str(error)})
        return GONE
    except OSError as error:
        failure = failure_of(error)
        return {"fault": {"cause": failure.cause, "message": failure.message, "code": failure.code}}
    return {}
