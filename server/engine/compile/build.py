"""Builds the machine code of one strategy class for one layout."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import boolean, from_dtype, int64
from numba.core import types

from server.engine.compile.entries import load_kernel
from server.engine.compile.generate import INLINED, module_text, uses_of
from server.engine.compile.kinds import Layout
from server.engine.compile.layout import record_fields
from server.engine.compile.modules import load_module, mended
from server.engine.compile.packing import Packer, packed
from server.engine.compile.pasting import digest_of
from server.engine.compile.plotting import FIELDS
from server.engine.compile.program import Program
from server.engine.compile.shapes import (
    ACCOUNT,
    ASSET,
    CANDLE,
    CURVE,
    DUE,
    ENTRY,
    ORDER,
    TALLY,
    TERMS,
    aligned,
    readonly,
)
from server.strategies.plots import Plot
from server.strategies.strategy import Strategy


class Packed(NamedTuple):
    """Strategies' objects as arrays: `states` of a record each, and the arenas of their windows."""

    states: npt.NDArray[np.void]
    floats: npt.NDArray[np.float64]
    ints: npt.NDArray[np.int64]


class Compiled(NamedTuple):
    """One strategy class in machine code, for one layout; `texts` that its code knows by their numbers."""

    packer: Packer
    state: np.dtype[np.void]
    module: ModuleType
    several: bool
    texts: tuple[str, ...]

    def pack(self, strategies: Sequence[Strategy]) -> Packed:
        """The states of strategies after their `init`, of as many from the first on as have this layout."""
        states, arenas = packed(self.packer, strategies, self.state)
        return Packed(states, *arenas.columns())

    def ready_for_sweeps(self, directory: Path) -> None:
        """Compiles `sweep`, or loads what was compiled before; OSError as of `build`."""
        if not self.module.sweep.overloads:
            *others, _, rows = _run_types(self.state, several=self.several)
            if not self.several:
                others.insert(0, types.Array(CANDLE, 1, "C"))
            files = _files(self.module.__name__, load_kernel(directory))
            mended(directory, files, lambda: self.module.sweep.compile((*others, rows)))


def build(
    strategy_class: type[Strategy],
    layout: Layout,
    directory: Path,
    *,
    flows: bool,
    several: bool,
    plots: Sequence[Plot] = (),
) -> Compiled:
    """Translates and compiles, or loads what was compiled before from `directory`.

    `flows`: the run books cash flows; `several`: it has several series; `plots` are written down. Raises NotCompilable
    with every reason, and OSError when the directory cannot be written.
    """
    program = Program(strategy_class, layout, plots)
    kernel = load_kernel(directory)
    text = module_text(program, uses_of(program, flows=flows, several=several), kernel)
    name = f"strategy_{digest_of(text)}"
    module = load_module(directory, name, text)
    state = aligned([*record_fields(layout), *(FIELDS if plots else ())])
    mended(directory, _files(name, kernel), lambda: module.run.compile(_run_types(state, several=several)))
    return Compiled(Packer(layout), state, module, several, program.texts)


def _files(module: str, kernel: str) -> list[str]:
    """Where the machine code of a module's loop lies; the kernel's inlined functions are compiled into it."""
    return [module, *(f"{kernel}.{function}-" for function in INLINED)]


def _run_types(state: np.dtype[np.void], *, several: bool) -> tuple[Any, ...]:
    """The types of the arguments of `run`, in the order of server.engine.compile.loops."""
    return (
        *((readonly(int64),) * (13 if several else 6)),
        types.Array(from_dtype(state), 1, "C"),
        types.Array(types.float64, 1, "C"),
        types.Array(int64, 1, "C"),
        types.Array(ACCOUNT, 1, "C"),
        types.Array(ASSET, 1, "C"),
        types.Array(ORDER, 1, "C"),
        types.Array(TERMS, 1, "C"),
        types.Array(ENTRY, 1, "C"),
        types.Array(TALLY, 1, "C"),
        types.Array(CURVE, 1, "C"),
        types.Array(DUE, 1, "C"),
        types.Array(int64, 1, "C"),
        boolean,
        int64,
        int64,
    )
