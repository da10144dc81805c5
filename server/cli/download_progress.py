"""A download's states as they arrive: a bar on a terminal, plain lines in a file, JSON for programs."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol

from server.cli.console import console, print_json, say
from server.contract.run import TERMINAL

if TYPE_CHECKING:
    from server.contract.downloads import Download

_LINE_INTERVAL_S: Final = 1.0
_WORDS: Final = {
    "queued": "waits for another download of the exchange",
    "connecting": "asking for the market",
    "fetching": "fetching",
    "importing": "checking the bars",
}


class View(Protocol):
    """Shows one download for as long as it is entered."""

    def __enter__(self) -> "View": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, now: "Download") -> None:
        """A newer state."""


def view(*, as_json: bool) -> View:
    """The one that suits standard output."""
    if as_json:
        return JsonView()
    return BarView() if sys.stdout.isatty() else LineView()


def told(now: "Download") -> str:
    """How it stands, in words: `fetching, 1,200 of 8,784 bars (13%), to 2024-02-20, 3,100 bars/s, 2.4 s left`."""
    from server.cli.words import share, span

    doing = now.notice if now.phase == "waiting" else _WORDS.get(now.phase or "", now.status)
    parts = [doing or now.status]
    if now.fetched:
        of = f" of {now.expected:,} bars ({share(now.fetched, now.expected)})" if now.expected else " bars"
        parts.append(f"{now.fetched:,}{of}")
    if now.bar_time is not None:
        parts.append(f"to {now.bar_time[:10]}")
    if now.rate_per_second:
        parts.append(f"{now.rate_per_second:,.0f} bars/s")
    if now.eta_seconds is not None:
        parts.append(f"{span(now.eta_seconds)} left")
    return ", ".join(parts)


class _Entered:
    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class JsonView(_Entered):
    """Every state as a line of JSON."""

    def show(self, now: "Download") -> None:
        print_json(now, lines=True)


class LineView(_Entered):
    """Lines at most once a second, and the last state whenever it comes."""

    def __init__(self, write: Callable[[str], None] = say, clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._written = -_LINE_INTERVAL_S

    def show(self, now: "Download") -> None:
        at_s = self._clock()
        if at_s - self._written >= _LINE_INTERVAL_S or now.status in TERMINAL:
            self._written = at_s
            self._write(told(now))


class BarView:
    """A bar with the figures behind it, drawn in place; gone at the end, when the data set stands there."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn  # takes longer to import than a command's help may

        columns = (BarColumn(), TextColumn("{task.description}", markup=False))
        self._progress = Progress(*columns, console=console(), transient=True)
        self._task = self._progress.add_task("connecting…", total=None)

    def __enter__(self) -> "BarView":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, now: "Download") -> None:
        self._progress.update(self._task, description=told(now), completed=now.fetched, total=now.expected)
