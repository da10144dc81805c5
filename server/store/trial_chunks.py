"""The trials of an attempt, read chunk by chunk and kept, or mapped once they are merged."""

from collections import OrderedDict
from collections.abc import Sequence
from os import scandir
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from server.contract.problems import ForgeError
from server.store.merged_trials import MERGED, open_merged
from server.store.trial_files import CHUNK_PREFIX, Chunk, read_chunk
from server.store.trial_set import TrialSet

MAX_CACHED_BYTES: Final = 256 * 2**20
_MAX_SETS: Final = 8


class _Stamp(NamedTuple):
    """Names the content of a chunk file, which is replaced when the chunk is tried again, or of merged trials."""

    name: str
    inode: int
    mtime_ns: int
    size: int


class TrialChunks:
    """Reads chunk files once and keeps the newest used, within `max_bytes`; for several threads."""

    def __init__(self, max_bytes: int = MAX_CACHED_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._chunks: OrderedDict[tuple[str, _Stamp], Chunk] = OrderedDict()
        self._sets: OrderedDict[str, tuple[tuple[_Stamp, ...], TrialSet]] = OrderedDict()
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """About what the kept chunks occupy."""
        return self._bytes

    def read(self, folder: Path) -> TrialSet:
        """The trials of the attempt in `folder`; none when there is no such folder (any more)."""
        while True:
            stamps = _stamps(folder)
            with self._lock:
                known = self._sets.get(str(folder))
                if known is not None and known[0] == stamps:
                    self._sets.move_to_end(str(folder))
                    return known[1]
            try:
                made = self._made(folder, stamps)
            except FileNotFoundError as error:
                if _stamps(folder) == stamps:
                    raise ForgeError("store_unavailable", f"The trials file {error.filename} is gone.") from error
                continue  # merged in the meantime, or deleted: there are other files now
            with self._lock:
                self._sets[str(folder)] = (stamps, made)
                self._sets.move_to_end(str(folder))
                while len(self._sets) > _MAX_SETS:
                    self._sets.popitem(last=False)
            return made

    def _made(self, folder: Path, stamps: Sequence[_Stamp]) -> TrialSet:
        if any(stamp.name == MERGED for stamp in stamps):
            self._forget(folder)
            return open_merged(folder)
        return TrialSet([self._chunk(folder, stamp) for stamp in stamps])

    def _chunk(self, folder: Path, stamp: _Stamp) -> Chunk:
        key = (str(folder), stamp)
        with self._lock:
            if key in self._chunks:
                self._chunks.move_to_end(key)
                return self._chunks[key]
        chunk = read_chunk(folder / stamp.name)
        with self._lock:
            if key not in self._chunks:
                self._chunks[key] = chunk
                self._bytes += chunk.nbytes
            while self._bytes > self._max_bytes and len(self._chunks) > 1:
                _, dropped = self._chunks.popitem(last=False)
                self._bytes -= dropped.nbytes
        return chunk

    def _forget(self, folder: Path) -> None:
        """Drops the chunks that are in no file any more."""
        with self._lock:
            for key in [key for key in self._chunks if key[0] == str(folder)]:
                self._bytes -= self._chunks.pop(key).nbytes


def _stamps(folder: Path) -> tuple[_Stamp, ...]:
    found = []
    try:
        with scandir(folder) as entries:
            for entry in entries:
                chunk = entry.name.startswith(CHUNK_PREFIX) and entry.name.endswith(".npz")
                if chunk or entry.name == MERGED:
                    stat = entry.stat()
                    found.append(_Stamp(entry.name, stat.st_ino, stat.st_mtime_ns, stat.st_size))
    except FileNotFoundError:
        return ()
    return tuple(sorted(found))
