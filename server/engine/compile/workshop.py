"""Where strategies are compiled: a folder of generated modules, and what this process has of it in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from llvmlite.binding import get_host_cpu_name

from server.engine.compile.build import Compiled, build
from server.engine.compile.check import check
from server.engine.compile.entries import load_kernel
from server.engine.compile.interrupting import Interrupter, unhurried
from server.engine.compile.kinds import Layout
from server.engine.compile.layout import examined
from server.engine.compile.modules import forget_old
from server.engine.compile.pasting import kernel
from server.engine.compile.player import CompiledPlayer
from server.engine.compile.problems import NotCompilable, Problem
from server.engine.compile.program import problem_at
from server.engine.compile.shelf import Shelf
from server.engine.compile.sweep import CompiledSweep
from server.engine.player import Stage
from server.strategies.plots import Plot
from server.strategies.strategy import Strategy

_STEPS: Final = ("Failed in ", "During: ", "File ", "- Resolution failure", "def ", "<source elided>")
_LONGEST: Final = 300
_Key = tuple[Layout, bool, bool, tuple[Plot, ...]]
"""A layout, whether cash flows are booked, whether there are several series, what is plotted."""


class Workshop:
    """Implements server.engine.player.Compiler for one process: each layout of each class is compiled once.

    Not for more than one thread.
    """

    def __init__(self, directory: Path) -> None:
        """`directory`: where generated modules and their machine code are kept."""
        self._directory = directory
        self._compiled: dict[_Key, Compiled] = {}
        self._refused: dict[_Key, tuple[Problem, ...]] = {}
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

        Raises NotCompilable with every reason, numba's among them, and OSError where the folder cannot be written.
        """
        compiled = self._made(strategy, stage, compiling)
        return CompiledPlayer(self._shelf, self._interrupter, compiled, strategy, stage)

    def sweep(self, strategy: Strategy, stage: Stage) -> CompiledSweep:
        """Plays runs of strategies like `strategy` one after the other; errors as of `player`."""
        compiled = self._made(strategy, stage, None)
        with _refusing(strategy):
            compiled.ready_for_sweeps(self._directory)
        return CompiledSweep(self._shelf, self._interrupter, compiled, stage)

    def _made(self, strategy: Strategy, stage: Stage, compiling: Callable[[], None] | None) -> Compiled:
        if not self._prepared():
            raise NotCompilable([Problem("", 0, 0, "the compiler is still being prepared")])
        layout, problems = examined(strategy)
        if problems:
            check(strategy)
        key = (layout, any(len(one.flows) for one in stage.series), stage.timeline is not None, stage.plots)
        if key in self._refused:
            raise NotCompilable(self._refused[key])
        if key not in self._compiled:
            if compiling is not None:
                compiling()
            self._compiled[key] = self._built(strategy, key)
        return self._compiled[key]

    def _built(self, strategy: Strategy, key: _Key) -> Compiled:
        layout, flows, several, plots = key
        try:
            with _refusing(strategy):
                return build(type(strategy), layout, self._directory, flows=flows, several=several, plots=plots)
        except NotCompilable as error:
            self._refused[key] = error.problems
            raise

    def _prepared(self) -> bool:
        """Whether the kernel has its machine code: to compile it while a run waits would look like a run that hangs."""
        self._ready = self._ready or self._mark.exists()
        return self._ready

    @property
    def _mark(self) -> Path:
        """The file that says that the folder has the kernel's machine code for this processor."""
        return self._directory / f"{kernel().digest}.{get_host_cpu_name()}.prepared"


@contextmanager
def _refusing(strategy: Strategy) -> Iterator[None]:
    """While something is compiled: no time limit tears it, and what goes wrong in it is a NotCompilable."""
    try:
        with unhurried():
            yield
    except (NotCompilable, OSError, MemoryError):
        raise
    except Exception as error:
        # numba's own errors, and whatever else a compiler may stumble over: the interpreter needs none of it
        told = f"numba does not compile it: {_in_one_line(error)}"
        raise NotCompilable([problem_at(None, type(strategy), told)]) from error


def _in_one_line(error: Exception) -> str:
    """What an error says, without numba's account of its own steps."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = [line for line in lines if line and not line.startswith(_STEPS)]
    text = f"{type(error).__name__}: {told[0]}" if told else type(error).__name__
    return text[:_LONGEST]
