"""Tar files that are written and read in one pass, plain or compressed."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from server.backup.contents import Copied
from server.backup.faults import BackupError

ENDINGS: Final = (".tar", ".tar.gz", ".tgz", ".tar.zst")
_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_GZIP_LEVEL: Final = 1
"""Columns of numbers hardly get smaller with more, and take many times as long."""
_BLOCK_BYTES: Final = 1 << 20


class ArchiveWriter:
    """Adds files; `copied` tells of those that were added."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.copied: dict[str, Copied] = {}

    def add(self, name: str, file: IO[bytes], size: int, *, mtime_s: float = 0.0, read_only: bool = False) -> None:
        """The first `size` bytes of a file; OSError when it has fewer."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, round(mtime_s), 0o444 if read_only else 0o644
        hashed = _Hashed(file)
        self._tar.addfile(info, hashed)
        _forget_members(self._tar)
        self.copied[name] = Copied(bytes=size, sha256=hashed.hexdigest())

    def add_bytes(self, name: str, content: bytes, *, mtime_s: float = 0.0) -> None:
        """A small file."""
        self.add(name, io.BytesIO(content), len(content), mtime_s=mtime_s)


class _Hashed(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        block = self._file.read(size)
        self._digest.update(block)
        return block

    def hexdigest(self) -> str:
        """Of what was read."""
        return self._digest.hexdigest()


@contextmanager
def writing(raw: BinaryIO, name: str) -> Iterator[ArchiveWriter]:
    """A tar file in `raw`, compressed as the ending of `name` says; BackupError for an ending that is unknown."""
    with _packed(raw, name) as stream, tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        yield ArchiveWriter(tar)


def _forget_members(tar: tarfile.TarFile) -> None:
    """It remembers every file that went through, which of large homes are hundreds of thousands."""
    members: list[tarfile.TarInfo] = getattr(tar, "members", [])
    members.clear()


def copy_out(source: IO[bytes], target: IO[bytes] | None) -> Copied:
    """Copies a file to its end, or with None only reads it; what was read."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(_BLOCK_BYTES):
        digest.update(block)
        size += len(block)
        if target is not None:
            target.write(block)
    return Copied(bytes=size, sha256=digest.hexdigest())


def read_members(path: Path, take: Callable[[str, IO[bytes], tarfile.TarInfo], None]) -> None:
    """Hands each file of an archive to `take` in order. BackupError where it is none, is cut short, or holds what is
    no plain file below the folder it is unpacked to."""
    try:
        with path.open("rb") as raw, _unpacked(raw) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                _check_name(member)
                content = tar.extractfile(member)
                if content is not None:
                    take(member.name, content, member)
                _forget_members(tar)
    except (tarfile.TarError, EOFError, gzip.BadGzipFile) as error:
        raise BackupError(f"{path} is no backup, or was cut short: {error}") from error


def is_plain(name: str) -> bool:
    """Whether every system has the same file in mind: no way up, no control characters, nothing but Unicode."""
    return all(part not in ("", ".", "..") and "\\" not in part and part.isprintable() for part in name.split("/"))


def _check_name(member: tarfile.TarInfo) -> None:
    """Refuses all that could lead out of the folder: a backup may come from anybody."""
    if not member.isreg() or member.issparse() or not is_plain(member.name):
        raise BackupError(f"{member.name[:200]!r} is no file that a backup has; it was not made by `forge backup`")


@contextmanager
def _packed(raw: BinaryIO, name: str) -> Iterator[Any]:
    if name.endswith((".tar.gz", ".tgz")):
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=_GZIP_LEVEL, mtime=0) as stream:
            yield stream
    elif name.endswith(".tar.zst"):
        arrow = _arrow()
        with arrow.CompressedOutputStream(arrow.PythonFile(raw, "w"), "zstd") as stream:
            yield stream
    elif name.endswith(".tar"):
        yield raw
    else:
        raise BackupError(f"the name of a backup ends in {', '.join(ENDINGS)}; {name!r} does not")


@contextmanager
def _unpacked(raw: BinaryIO) -> Iterator[Any]:
    magic = raw.read(4)
    raw.seek(0)
    if magic.startswith(_GZIP_MAGIC):
        with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
            yield stream
    elif magic == _ZSTD_MAGIC:
        arrow = _arrow()
        with arrow.CompressedInputStream(arrow.PythonFile(raw, "r"), "zstd") as stream:
            yield stream
    else:
        yield raw


def _arrow() -> Any:
    try:
        import pyarrow as arrow
    except ImportError as error:
        raise BackupError("a .tar.zst needs the extra `arrow`; .tar.gz needs nothing") from error
    return arrow
