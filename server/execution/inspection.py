"""Finds strategies, and lists a file that never finishes loading as broken instead of waiting for it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from msgspec.structs import replace

from server.engine.compile.check import what_stands_against
from server.execution.tasks import InspectDone, InspectTask
from server.strategies.discovery import inspect_folders
from server.strategies.errors import strategy_error
from server.strategies.loading import load_strategy
from server.strategies.source import FoundStrategy
from server.strategies.strategy import make_strategy

_LONGEST_REASON: Final = 4_000
_TICK_S: Final = 0.5
_PATIENCE_S: Final = 5.0
"""How long one file may load; long enough for the imports of large libraries from a cold disk."""


class LoadingTimeoutError(Exception):
    """A strategy file did not finish loading."""


def inspect(task: InspectTask) -> InspectDone:
    """Runs in a worker; OSError when the frozen sources cannot be written."""
    frozen_root = Path(task.frozen_root)
    with _no_exit(), _no_endless_loading(frozen_root):
        found = inspect_folders([Path(folder) for folder in task.folders], frozen_root, only=task.only)
        return InspectDone(strategies=[_checked(strategy) for strategy in found])


def _checked(found: FoundStrategy) -> FoundStrategy:
    """Says whether the strategy compiles, and if not why."""
    if found.source is None:
        return found
    reason: str | None
    try:
        strategy = make_strategy(load_strategy(found.source), {})
        strategy.init()
    except BaseException as error:  # noqa: BLE001  # the user's init may raise anything
        reason = f"init fails with the defaults: {strategy_error(error).message}"
    else:
        reason = what_stands_against(strategy)
    info = replace(found.info, compilable=reason is None, reason=None if reason is None else reason[:_LONGEST_REASON])
    return replace(found, info=info)


@contextmanager
def _no_exit() -> Iterator[None]:
    """One file that ends the process at import would take the list of all others with it."""
    before = os._exit

    def refuse(status: int) -> NoReturn:
        raise SystemExit(f"os._exit({status})")

    os._exit = refuse
    try:
        yield
    finally:
        os._exit = before


@contextmanager
def _no_endless_loading(frozen_root: Path) -> Iterator[None]:
    """Raises in the file that loads when it is the same one after tick upon tick; its line is then in the trace."""
    before = signal.signal(signal.SIGALRM, _watch(str(frozen_root.absolute()) + os.sep))
    signal.setitimer(signal.ITIMER_REAL, _TICK_S, _TICK_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _watch(root: str) -> Callable[[int, FrameType | None], None]:
    loading: str | None = None
    ticks = 0

    def tick(_: int, frame: FrameType | None) -> None:
        nonlocal loading, ticks
        now = _loading(root, frame)
        ticks = ticks + 1 if now is not None and now == loading else 0
        loading = now
        if ticks * _TICK_S >= _PATIENCE_S:
            raise LoadingTimeoutError(f"did not finish loading within {_PATIENCE_S:g} s")

    return tick


def _loading(root: str, frame: FrameType | None) -> str | None:
    """The frozen copy whose code runs, by the name of its folder; None while none does."""
    found = None
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(root):
            found = name.removeprefix(root).split(os.sep, 1)[0]
        frame = frame.f_back
    return found
