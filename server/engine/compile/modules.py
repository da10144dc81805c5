"""Generated modules on disk: named by the hash of their text, with numba's cache beside them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from server.engine.tables import write_atomically


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
