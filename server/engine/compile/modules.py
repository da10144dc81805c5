"""Generated modules on disk: named by the hash of their text, with numba's cache beside them."""

import contextlib
import importlib.util
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Final

from server.engine.tables import write_atomically

_UNUSED_S: Final = 30 * 86_400


def load_module(directory: Path, name: str, text: str) -> ModuleType:
    """The module `name` with this text, from `directory`, where it is written first; the same one again in a process.

    A file with another text, as a crash may leave one, is written anew. Raises OSError when it cannot be written.
    """
    module = sys.modules.get(name)
    if module is not None:
        return module
    path = directory / f"{name}.py"
    content = text.encode()
    if not path.exists() or path.read_bytes() != content:
        directory.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    (directory / f"{name}.used").touch()
    found = importlib.util.spec_from_file_location(name, path)
    if found is None or found.loader is None:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def mended(directory: Path, names: Iterable[str], compile_or_load: Callable[[], None]) -> None:
    """Compiles what is not there; what is kept and fails to load is deleted and compiled anew.

    `names`: the beginnings of the files' names in numba's cache. numba writes them without waiting for the disk, so a
    crash of the machine may leave half of one, and numba raises whatever reading that raises, each time anew. What
    fails without them has another reason, and passes as it is; so do OSError and MemoryError.
    """
    try:
        compile_or_load()
    except (OSError, MemoryError):
        raise
    except Exception:
        files = [file for name in names for file in directory.glob(f"__pycache__/{name}*")]
        if not files:
            raise
        for file in files:
            file.unlink(missing_ok=True)  # another process mends too
        compile_or_load()


def forget_old(directory: Path) -> None:
    """Deletes the modules that no process has loaded for a month, and their machine code."""
    limit = time.time() - _UNUSED_S
    for mark in directory.glob("*.used"):
        with contextlib.suppress(FileNotFoundError):  # another process forgets too
            if mark.stat().st_mtime < limit:
                for part in (*directory.glob(f"__pycache__/{mark.stem}.*"), directory / f"{mark.stem}.py", mark):
                    part.unlink(missing_ok=True)
