"""Files and folders that are there whole or not at all."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from server.cli.faults import Fault


def to_output(pieces: Iterable[bytes]) -> None:
    """Writes bytes to standard output as they arrive."""
    for piece in pieces:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def save(pieces: Iterable[bytes], path: Path) -> int:
    """Writes a file as its pieces arrive, and gives it its name once all are there; the bytes written. Fault otherwise.

    A file that was there is replaced; what is no file, as a pipe or a device, is written to as it stands.
    """
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as target:
                return _write(pieces, target)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            scratch = Path(file.name)
            try:
                size = _write(pieces, file)
                os.fsync(file.fileno())
                scratch.chmod(0o666 & ~_umask())
                scratch.replace(path)
            except BaseException:
                scratch.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise Fault(f"{path}: {error.strerror or error}") from error
    return size


def _write(pieces: Iterable[bytes], file: IO[bytes]) -> int:
    size = sum(file.write(piece) for piece in pieces)
    file.flush()
    return size


@contextmanager
def new_folder(path: Path, *, force: bool, always: Set[str], only: Set[str]) -> Iterator[Path]:
    """A folder to write into, which gets the name `path` at the end of a block that raises nothing.

    Fault when `path` is there already, unless `force` has it replaced; what was there is gone only once all is written.
    Only an empty folder is replaced, or one with files of all names in `always` and nothing but files of names in
    `only`: anything else was not written so, and is somebody's home or work.
    """
    path = path.absolute()
    if path.exists():
        if not _written_so(path, always, only):
            raise Fault(f"{path} is there already, with something else in it; choose another folder")
        if not force:
            raise Fault(f"{path} is there already; --force replaces it")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        try:
            yield scratch
            scratch.chmod(0o777 & ~_umask())
            _take_place(scratch, path)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    except OSError as error:
        raise Fault(f"{error.filename or path}: {error.strerror or error}") from error


def _written_so(path: Path, always: Set[str], only: Set[str]) -> bool:
    if not path.is_dir():
        return False
    entries = list(path.iterdir())
    names = {entry.name for entry in entries}
    return not names or (always <= names <= only and all(entry.is_file() for entry in entries))


def _take_place(scratch: Path, path: Path) -> None:
    if not path.exists():
        scratch.rename(path)
        return
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    before = aside / path.name
    try:
        path.rename(before)
        scratch.rename(path)
    except BaseException:
        _put_back(before, path)
        raise
    finally:
        if path.exists():  # or what was there would be gone, and nothing come in its place
            shutil.rmtree(aside, ignore_errors=True)


def _put_back(before: Path, path: Path) -> None:
    if not before.exists() or path.exists():
        return
    try:
        before.rename(path)
    except OSError as error:
        raise Fault(f"{path} could not be replaced, nor put back: it is {before} now") from error


def _umask() -> int:
    """What the system keeps from others; there is no way to read it but to set it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
