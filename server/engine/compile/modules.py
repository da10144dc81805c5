"""Generated modules on disk: named by the hash of their text, with numba's cache beside them."""

import contextlib
import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Final

from server.engine.tables import write_atomically

_UNUSED_S: Final = 30 * 86_400


def load_module(directory: Path, name: str, text: str) -> ModuleType:
    """The module `name` with this text, from `directory`, where it is written first; the same one again in a process.

    Raises OSError when it cannot be written.
    """
    module = sys.modules.get(name)
    if module is not None:
        return module
    path = directory / f"{name}.py"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
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


def forget_old(directory: Path) -> None:
    """Deletes the modules that no process has loaded for a month, and their machine code."""
    limit = time.time() - _UNUSED_S
    for mark in directory.glob("*.used"):
        with contextlib.suppress(FileNotFoundError):  # another process forgets too
            if mark.stat().st_mtime < limit:
                for part in (*directory.glob(f"__pycache__/{mark.stem}.*"), directory / f"{mark.stem}.py", mark):
                    part.unlink(missing_ok=True)
