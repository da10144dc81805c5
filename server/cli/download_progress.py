"""A download's states as they arrive: a bar on a terminal, plain lines in a file, JSON for programs."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from server.cli.console import console, print_json, say
from server.contract.run import TERMINAL

if TYPE_CHECKING:
    from server.contract.downloads import Download

Show = Callable[["Download"], None]
_LINE_INTERVAL_S: Final = 1.0
_WORDS: Final = {
    "queued": "waits for another download of the exchange",
    "connecting": "asking for the market",
    "fetching": "fetching",
    "importing": "checking the bars",
}


@contextmanager
def shown(*, as_json: bool) -> Iterator[Show]:
    """What shows a newer state, as it suits standard output."""
    if as_json:
        yield lambda now: print_json(now, lines=True)
    elif sys.stdout.isatty():
        with _bar() as show:
            yield show
    else:
        yield lines()


def told(now: "Download") -> str:
    """How it stands, in words: `fetching, 1,200 of 8,784 bars (13%), to 2024-02-20, 3,100 bars/s, 2.4 s left`."""
    from server.client.words import share, span

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


def lines(write: Callable[[str], None] = say, clock: Callable[[], float] = time.monotonic) -> Show:
    """Lines at most once a second, and the last state whenever it comes."""
    written = -_LINE_INTERVAL_S

    def show(now: "Download") -> None:
        nonlocal written
        at_s = clock()
        if at_s - written >= _LINE_INTERVAL_S or now.status in TERMINAL:
            written = at_s
            write(told(now))

    return show


@contextmanager
def _bar() -> Iterator[Show]:
    """A bar with the figures behind it, drawn in place; gone at the end, when the data set stands there."""
    from rich.progress import BarColumn, Progress, TextColumn  # takes longer to import than a command's help may

    columns = (BarColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console(), transient=True) as progress:
        task = progress.add_task("connecting…", total=None)
        yield lambda now: progress.update(task, description=told(now), completed=now.fetched, total=now.expected)
