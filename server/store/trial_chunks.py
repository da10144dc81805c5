"""The trials of an attempt as columns, read chunk by chunk and kept."""

import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from os import scandir
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError, InvalidRequest
from server.contract.results import METRIC_NAMES
from server.strategies.naming import camel_case

CHUNK_PREFIX: Final = "trials-"
MAX_CACHED_BYTES: Final = 256 * 2**20
_MAX_SETS: Final = 8
_PARAM: Final = "param:"


class TrialError(msgspec.Struct, frozen=True, rename="camel"):
    """Why a trial failed."""

    message: str
    stack_trace: str | None = None


@dataclass(frozen=True, eq=False)
class Chunk:
    """The columns of one chunk file (server.engine.tables), n rows each; `parameters` by their camelCase names."""

    index: npt.NDArray[np.int64]
    status: npt.NDArray[np.uint8]
    duration_ms: npt.NDArray[np.float64]
    fitness: npt.NDArray[np.float64]
    metrics: npt.NDArray[np.float64]
    trial_key: npt.NDArray[np.bytes_]
    reused: npt.NDArray[np.bool_]
    error: npt.NDArray[np.int32]
    parameters: dict[str, npt.NDArray[Any]]
    errors: list[TrialError]

    @property
    def nbytes(self) -> int:
        """About what it occupies."""
        texts = sum(len(error.message) + len(error.stack_trace or "") for error in self.errors)
        parameters = sum(column.nbytes for column in self.parameters.values())
        return self.metrics.nbytes + parameters + texts + 60 * len(self.index) + 2_000


class _Stamp(NamedTuple):
    """Names the content of a chunk file: a chunk that is tried again replaces its file."""

    name: str
    inode: int
    mtime_ns: int
    size: int


@dataclass(frozen=True, eq=False)
class TrialSet:
    """All trials of an attempt that are finished as yet, in order of their chunks."""

    stamps: tuple[_Stamp, ...]
    chunks: tuple[Chunk, ...]
    starts: npt.NDArray[np.int64]
    """(chunks + 1,): the row at which each chunk begins, and the number of all rows."""
    _columns: dict[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.starts[-1])

    @property
    def parameters(self) -> list[str]:
        """The camelCase names of the parameters, in order."""
        return list(dict.fromkeys(name for chunk in self.chunks for name in chunk.parameters))

    def column(self, name: str) -> npt.NDArray[Any]:
        """One sortable column over all chunks: a metric, a parameter, fitness, index, durationMs; `status` too.

        InvalidRequest for another name.
        """
        if name not in self._columns:
            read = self._reader(name)
            parts = [read(chunk) for chunk in self.chunks]
            self._columns[name] = np.concatenate(parts) if parts else np.empty(0)
        return self._columns[name]

    def rows(self, positions: npt.NDArray[np.intp]) -> Iterator[tuple[Chunk, int]]:
        """The chunk of each row, and its place there."""
        owners = np.searchsorted(self.starts, positions, side="right") - 1
        for owner, position in zip(owners.tolist(), positions.tolist(), strict=True):
            yield self.chunks[owner], position - int(self.starts[owner])

    def _reader(self, name: str) -> "Callable[[Chunk], npt.NDArray[Any]]":
        if name in METRIC_NAMES:
            place = METRIC_NAMES.index(name)
            return lambda chunk: chunk.metrics[:, place]
        match name:
            case "fitness":
                return lambda chunk: chunk.fitness
            case "index":
                return lambda chunk: chunk.index
            case "durationMs":
                return lambda chunk: chunk.duration_ms
            case "status":
                return lambda chunk: chunk.status
        known = self.parameters
        if self.chunks and name not in known:
            others = ", ".join((*METRIC_NAMES, "fitness", "index", "durationMs", *known))
            raise InvalidRequest("invalid_request", "sort", f"{name!r} is none of {others}; a leading - falls")
        return lambda chunk: chunk.parameters[name]


class TrialChunks:
    """Reads chunk files once and keeps the newest used, within `max_bytes`; for several threads."""

    def __init__(self, max_bytes: int = MAX_CACHED_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._chunks: OrderedDict[tuple[str, _Stamp], Chunk] = OrderedDict()
        self._sets: OrderedDict[str, TrialSet] = OrderedDict()
        self._lock = Lock()

    def read(self, folder: Path) -> TrialSet:
        """The trials of the attempt in `folder`; none when there is no such folder (any more)."""
        stamps = _stamps(folder)
        with self._lock:
            known = self._sets.get(str(folder))
            if known is not None and known.stamps == stamps:
                self._sets.move_to_end(str(folder))
                return known
        chunks = tuple(self._chunk(folder, stamp) for stamp in stamps)
        starts = np.cumsum([0, *(len(chunk.index) for chunk in chunks)])
        made = TrialSet(stamps, chunks, starts)
        with self._lock:
            self._sets[str(folder)] = made
            self._sets.move_to_end(str(folder))
            while len(self._sets) > _MAX_SETS:
                self._sets.popitem(last=False)
        return made

    def _chunk(self, folder: Path, stamp: _Stamp) -> Chunk:
        key = (str(folder), stamp)
        with self._lock:
            if key in self._chunks:
                self._chunks.move_to_end(key)
                return self._chunks[key]
        chunk = _read_chunk(folder / stamp.name)
        with self._lock:
            if key not in self._chunks:
                self._chunks[key] = chunk
                self._bytes += chunk.nbytes
            while self._bytes > self._max_bytes and len(self._chunks) > 1:
                _, dropped = self._chunks.popitem(last=False)
                self._bytes -= dropped.nbytes
        return chunk


def _stamps(folder: Path) -> tuple[_Stamp, ...]:
    found = []
    try:
        with scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(CHUNK_PREFIX) and entry.name.endswith(".npz"):
                    stat = entry.stat()
                    found.append(_Stamp(entry.name, stat.st_ino, stat.st_mtime_ns, stat.st_size))
    except FileNotFoundError:
        return ()
    return tuple(sorted(found))


def _read_chunk(path: Path) -> Chunk:
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            return Chunk(
                index=file["index"],
                status=file["status"],
                duration_ms=file["duration_ms"],
                fitness=file["fitness"],
                metrics=file["metrics"],
                trial_key=file["trial_key"],
                reused=file["reused"],
                error=file["error"],
                parameters={
                    camel_case(name.removeprefix(_PARAM)): file[name] for name in file.files if name.startswith(_PARAM)
                },
                errors=msgspec.json.decode(file["errors"].tobytes() or b"[]", type=list[TrialError]),
            )
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ForgeError("store_unavailable", f"The trials file {path.name} cannot be read: {error}.") from error
