"""The kernel's functions as the modules of strategies call them: by name, each compiled once for all."""

import ast
import functools
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from server.engine.compile.linkage import external, publish
from server.engine.compile.modules import load_module, mended
from server.engine.compile.pasting import ENTRIES, kernel
from server.engine.compile.shapes import OF_ANNOTATION


def _shape(name: str) -> tuple[tuple[Any, ...], Any]:
    """Argument and result types of an entry, by its annotations."""
    node = kernel().functions[name]
    arguments = tuple(OF_ANNOTATION[ast.unparse(one.annotation)] for one in node.args.args if one.annotation)
    return arguments, OF_ANNOTATION[ast.unparse(node.returns) if node.returns else "None"]


def _symbol(name: str) -> str:
    return f"forge_{name}_{kernel().digest}"


CALLS: Final = {name: external(_symbol(name), *_shape(name)) for name in ENTRIES}
"""What to call in compiled code for each entry; `load_kernel` has to have been called in this process."""


@functools.cache
def load_kernel(directory: Path) -> str:
    """Makes the entries callable in this process; returns the name of the kernel's module.

    Loads the kernel's machine code from `directory`, or compiles it there, which takes seconds.
    """
    name = f"kernel_{kernel().digest}"
    module = load_module(directory, name, kernel().text)
    mended(directory, [name], lambda: _publish_entries(directory, module))
    return name


def _publish_entries(directory: Path, module: ModuleType) -> None:
    """One broken file costs its own entry alone, unless that calls what another one holds."""
    for entry in ENTRIES:
        load = functools.partial(publish, _symbol(entry), getattr(module, entry), _shape(entry)[0])
        mended(directory, [f"{module.__name__}.{entry}-"], load)


def __getattr__(name: str) -> Any:
    """Lets generated modules import an entry by its name."""
    if name in CALLS:
        return CALLS[name]
    raise AttributeError(name)
