"""Imports the frozen copy of a strategy, isolated from every other copy and from the rest of the process."""

import builtins
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from server.strategies.freezing import collect_source, source_hash
from server.strategies.source import MODULE_PREFIX, StrategySource
from server.strategies.strategy import Strategy


class SourceChanged(Exception):
    """A frozen copy does not hold what its record says."""


def load_strategy(source: StrategySource) -> type[Strategy]:
    """The strategy class of a frozen copy; imported once a process.

    Raises whatever the user's module raises when it is imported, OSError when the copy cannot be read, and
    SourceChanged when it does not hold the source that its hash names, or the class is not there.
    """
    directory = Path(source.directory)
    if f"{MODULE_PREFIX}{source.source_hash}.{source.module}" not in sys.modules:
        _check_unchanged(directory, source)
    module = import_frozen(directory, source.source_hash, source.module)
    found = getattr(module, source.class_name, None)
    if not (isinstance(found, type) and issubclass(found, Strategy)):
        raise SourceChanged(f"{source.module} in {source.source_hash} has no strategy {source.class_name}")
    return found


def import_frozen(directory: Path, space: str, module: str) -> ModuleType:
    """Imports `module` (dotted, relative to `directory`) with its local imports in a name space of its own."""
    return _Space(directory, f"{MODULE_PREFIX}{space}").load(module)


def forget_frozen(space: str) -> None:
    """Takes the modules of a name space out of the process again."""
    root = f"{MODULE_PREFIX}{space}"
    for name in [name for name in sys.modules if name == root or name.startswith(f"{root}.")]:
        del sys.modules[name]


def _check_unchanged(directory: Path, source: StrategySource) -> None:
    """What ran under this hash once must be what runs under it now."""
    entry = f"{source.module}.py"
    if source_hash(entry, collect_source(directory, entry)) != source.source_hash:
        raise SourceChanged(f"the frozen copy {source.source_hash} was changed after it was made")


class _Space:
    """Resolves imports of the files under one directory to modules that only they see."""

    def __init__(self, directory: Path, root: str) -> None:
        self._directory = directory
        self._root = root

    def load(self, name: str) -> ModuleType:
        """The local module `name`, imported with its packages when it was not."""
        if self._root not in sys.modules:
            package = ModuleType(self._root)
            package.__path__ = []  # a package, whose files nothing but this space finds
            sys.modules[self._root] = package
        parent, _, leaf = name.rpartition(".")
        owner = self.load(parent) if parent else sys.modules[self._root]
        full = f"{self._root}.{name}"
        if full in sys.modules:
            return sys.modules[full]
        module = self._execute(full, name)
        setattr(owner, leaf, module)
        return module

    def holds(self, name: str) -> bool:
        """Whether `name` is a local module."""
        return name != "server" and self._file(name) is not None

    def imported(
        self,
        name: str,
        global_names: Mapping[str, Any] | None = None,
        local_names: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """What `import` calls in the files of this space: local modules first, everything else as ever."""
        if level > 0:
            package = (global_names or {}).get("__package__") or self._root
            absolute = importlib.util.resolve_name("." * level + name, package)
            name = absolute.removeprefix(self._root).removeprefix(".")
        elif not self.holds(name.partition(".")[0]):
            return builtins.__import__(name, global_names, local_names, fromlist or (), level)
        if not fromlist:
            self.load(name)
            return self.load(name.partition(".")[0])
        module = self.load(name) if name else sys.modules.get(self._root) or ModuleType(self._root)
        for wanted in fromlist:
            inner = f"{name}.{wanted}" if name else wanted
            if not hasattr(module, wanted) and self.holds(inner):
                self.load(inner)
        return module

    def _execute(self, full: str, name: str) -> ModuleType:
        file = self._file(name)
        if file is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        loader = _Loader(full, str(file))
        spec = ModuleSpec(full, loader, origin=str(file), is_package=file.name == "__init__.py")
        spec.has_location = True
        module = importlib.util.module_from_spec(spec)
        vars(module)["__builtins__"] = {**vars(builtins), "__import__": self.imported}
        sys.modules[full] = module
        try:
            loader.exec_module(module)
        except BaseException:
            del sys.modules[full]
            raise
        return module

    def _file(self, name: str) -> Path | None:
        base = self._directory.joinpath(*name.split("."))
        for file in (base / "__init__.py", base.with_name(f"{base.name}.py")):
            if name and file.is_file():
                return file
        return None


class _Loader(SourceFileLoader):
    """Compiles from the source each time: a frozen folder gets no byte-code files."""

    def get_code(self, fullname: str) -> CodeType | None:
        """The module's code, its lines found under the frozen file's name."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)
