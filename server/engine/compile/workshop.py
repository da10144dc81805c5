"""Where strategies are compiled: a folder of generated modules, and what this process has of it in memory."""

from collections.abc import Callable
from pathlib import Path

from llvmlite.binding import get_host_cpu_name

from server.engine.compile.build import Compiled, build
from server.engine.compile.entries import load_kernel
from server.engine.compile.interrupting import Interrupter, unhurried
from server.engine.compile.kinds import Layout
from server.engine.compile.layout import layout_of
from server.engine.compile.modules import forget_old
from server.engine.compile.pasting import kernel
from server.engine.compile.player import CompiledPlayer
from server.engine.compile.problems import NotCompilable, Problem
from server.engine.compile.shelf import Shelf
from server.engine.player import Stage
from server.strategies.strategy import Strategy

_Key = tuple[Layout, bool, bool]
"""A layout, whether cash flows are booked, whether there are several series."""


class Workshop:
    """Implements server.engine.player.Compiler for one process: each layout of each class is compiled once.

    Not for more than one thread.
    """

    def __init__(self, directory: Path) -> None:
        """`directory`: where generated modules and their machine code are kept."""
        self._directory = directory
        self._compiled: dict[_Key, Compiled] = {}
        self._shelf = Shelf()
        self._interrupter = Interrupter()
        self._ready = False

    def prepare(self) -> None:
        """Compiles the kernel, which takes seconds, unless that was done before."""
        load_kernel(self._directory)
        self._mark.touch()
        forget_old(self._directory)

    def player(self, strategy: Strategy, stage: Stage, compiling: Callable[[], None] | None = None) -> CompiledPlayer:
        """Plays `strategy` after its `init`; `compiling` is told where that takes its time.

        Raises NotCompilable with every reason, and OSError when the folder cannot be written.
        """
        if not self._prepared():
            raise NotCompilable([Problem("", 0, 0, "the compiler is still being prepared")])
        layout = layout_of(strategy)
        key = (layout, any(len(one.flows) for one in stage.series), stage.timeline is not None)
        if key not in self._compiled:
            if compiling is not None:
                compiling()
            with unhurried():
                self._compiled[key] = build(type(strategy), layout, self._directory, flows=key[1], several=key[2])
        return CompiledPlayer(self._shelf, self._interrupter, self._compiled[key], strategy, stage)

    def _prepared(self) -> bool:
        """Whether the kernel has its machine code: to compile it while a run waits would look like a run that hangs."""
        self._ready = self._ready or self._mark.exists()
        return self._ready

    @property
    def _mark(self) -> Path:
        """The file that says that the folder has the kernel's machine code for this processor."""
        return self._directory / f"{kernel().digest}.{get_host_cpu_name()}.prepared"
