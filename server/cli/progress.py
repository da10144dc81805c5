"""A run's states as they arrive: a bar on a terminal, plain lines in a file, JSON for programs."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol

from server.cli import words
from server.cli.console import console, print_json, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from server.client.follow import Link
    from server.contract.run import RunSnapshot

_LINE_INTERVAL_S: Final = 1.0
_REFRESH_PER_S: Final = 10
_POLLING: Final = "connection lost, polling…"


class View(Protocol):
    """Shows one run for as long as it is entered; `link` may be called from another thread."""

    def __enter__(self) -> "View": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, snapshot: "RunSnapshot") -> None:
        """A newer state."""

    def link(self, link: "Link") -> None:
        """How states arrive from now on."""


def view(*, as_json: bool) -> View:
    """The one that suits standard output."""
    if as_json:
        return JsonView()
    return BarView() if sys.stdout.isatty() else LineView()


class _Entered:
    def __enter__(self) -> Any:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class JsonView(_Entered):
    """Every state as a line of JSON."""

    def show(self, snapshot: "RunSnapshot") -> None:
        print_json(snapshot, lines=True)

    def link(self, link: "Link") -> None:
        """Of no interest to programs: every line is whole."""


class LineView(_Entered):
    """Lines at most once a second, and the final state whenever it comes."""

    def __init__(self, write: Callable[[str], None] = say, clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._written = -_LINE_INTERVAL_S

    def show(self, snapshot: "RunSnapshot") -> None:
        now = self._clock()
        if now - self._written < _LINE_INTERVAL_S and not snapshot.final:
            return
        self._written = now
        self._write(f"{words.heading(snapshot)}: {words.progress(snapshot)}")

    def link(self, link: "Link") -> None:
        self._write(_POLLING if link == "polling" else "connected again")


class BarView:
    """A bar with the figures under it, drawn in place."""

    def __init__(self) -> None:
        from rich.live import Live  # takes longer to import than a command's help may

        self._snapshot: RunSnapshot | None = None
        self._polling = False
        self._live = Live(console=console(), get_renderable=self.drawn, refresh_per_second=_REFRESH_PER_S)

    def __enter__(self) -> "BarView":
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, snapshot: "RunSnapshot") -> None:
        self._snapshot = snapshot

    def link(self, link: "Link") -> None:
        self._polling = link == "polling"

    def drawn(self) -> "RenderableType":
        """What stands on the terminal now."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        if self._snapshot is None:
            return Text("connecting…", style="dim")
        state = self._snapshot.state
        row = Table.grid(padding=(0, 1))
        row.add_column(no_wrap=True)
        row.add_column()
        row.add_row(
            Text(words.heading(self._snapshot), style=_STYLES.get(state.status, "")),
            ProgressBar(total=max(1, state.total), completed=words.done(self._snapshot), width=40),
        )
        lines: list[RenderableType] = [row, Text(words.progress(self._snapshot))]
        if self._polling and not state.final:
            lines.append(Text(_POLLING, style="yellow"))
        return Group(*lines)


_STYLES: Final = {"Completed": "green", "Failed": "bold red", "Cancelled": "yellow", "Running": "cyan"}
