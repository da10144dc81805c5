"""Runs as they go on: bars on a terminal or in a notebook, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from server.client import words

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from server.client.follow import Link
    from server.contract.run import RunSnapshot

_LINE_INTERVAL_S: Final = 10.0
_REFRESH_PER_S: Final = 10
_POLLING: Final = "connection lost, polling…"
_STYLES: Final = {"Completed": "green", "Failed": "bold red", "Cancelled": "yellow", "Running": "cyan"}


class View(Protocol):
    """Shows one run or several for as long as it is entered; `link` may be called from another thread."""

    def __enter__(self) -> "View": ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def show(self, snapshot: "RunSnapshot") -> None:
        """A newer state of a run."""

    def link(self, link: "Link") -> None:
        """How states arrive from now on."""


def progress_view() -> View:
    """The one that suits where the program runs; it writes to standard error. Not entered yet."""
    if in_notebook():
        return NotebookView()
    if sys.stderr.isatty():
        from rich.console import Console  # takes longer to import than all the rest

        return BarView(Console(stderr=True, markup=False, highlight=False, emoji=False))
    return LineView()


@contextmanager
def shown(progress: bool | View) -> Iterator[View]:
    """The view of a run that is waited for: one of its own, none, or one that is entered already."""
    match progress:
        case True:
            with progress_view() as view:
                yield view
        case False:
            yield Unseen()
        case _:
            yield progress


def in_notebook() -> bool:
    """Whether a kernel of Jupyter runs the program; it has imported IPython then."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None


class Unseen:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def show(self, snapshot: "RunSnapshot") -> None:
        """Nothing."""

    def link(self, link: "Link") -> None:
        """Nothing."""


class LineView(Unseen):
    """Lines now and then, at most one in `interval_s` for a run, and its final state whenever that comes."""

    def __init__(
        self,
        write: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        interval_s: float = _LINE_INTERVAL_S,
    ) -> None:
        self._write = write or _to_standard_error
        self._clock = clock
        self._interval_s = interval_s
        self._written: dict[str, float] = {}

    def show(self, snapshot: "RunSnapshot") -> None:
        now = self._clock()
        if now - self._written.get(snapshot.run_key, -self._interval_s) < self._interval_s and not snapshot.final:
            return
        self._written[snapshot.run_key] = now
        name = f"{words.run_name(snapshot)} " if len(self._written) > 1 else ""
        self._write(f"{name}{words.heading(snapshot)}: {words.progress(snapshot)}")

    def link(self, link: "Link") -> None:
        self._write(_POLLING if link == "polling" else "connected again")


class _Held(Unseen):
    """Holds the newest state of each run."""

    def __init__(self) -> None:
        self._snapshots: dict[str, RunSnapshot] = {}
        self._polling = False

    def show(self, snapshot: "RunSnapshot") -> None:
        self._snapshots[snapshot.run_key] = snapshot

    def link(self, link: "Link") -> None:
        self._polling = link == "polling"

    def _runs(self) -> "list[tuple[str, RunSnapshot]]":
        """Each run with its name; one alone needs none."""
        found = list(self._snapshots.values())
        return [(words.run_name(one) if len(found) > 1 else "", one) for one in found]

    def _is_lost(self) -> bool:
        """Whether there is something to wait for while the connection is lost."""
        return self._polling and not all(snapshot.final for _, snapshot in self._runs())


class BarView(_Held):
    """A bar for each run with its figures under it, drawn in place on a terminal."""

    def __init__(self, console: "Console") -> None:
        from rich.live import Live  # takes longer to import than a command's help may

        super().__init__()
        self._live = Live(console=console, get_renderable=self.drawn, refresh_per_second=_REFRESH_PER_S)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def drawn(self) -> "RenderableType":
        """What stands on the terminal now."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        lines: list[RenderableType] = [] if self._snapshots else [Text("connecting…", style="dim")]
        for name, snapshot in self._runs():
            state = snapshot.state
            row = Table.grid(padding=(0, 1))
            row.add_column(no_wrap=True)
            row.add_column()
            row.add_row(
                Text(f"{name} {words.heading(snapshot)}".strip(), style=_STYLES.get(state.status, "")),
                ProgressBar(total=max(1, state.total), completed=words.done(snapshot), width=40),
            )
            lines += [row, Text(words.progress(snapshot))]
        if self._is_lost():
            lines.append(Text(_POLLING, style="yellow"))
        return Group(*lines)


class NotebookView(_Held):
    """A bar for each run with its figures beside it, drawn in place under the cell: that needs no widgets."""

    def __init__(self) -> None:
        super().__init__()
        self._handle: Any = None

    def show(self, snapshot: "RunSnapshot") -> None:
        super().show(snapshot)
        from IPython.display import HTML, display

        html = HTML(self.drawn())
        if self._handle is None:
            self._handle = display(html, display_id=True)
        else:
            self._handle.update(html)

    def drawn(self) -> str:
        """What stands under the cell now."""
        lines = [
            f"<div>{f'<b>{escape(name)}</b> ' if name else ''}{escape(words.heading(snapshot))} "
            f'<progress value="{words.done(snapshot)}" max="{max(1, snapshot.state.total)}"></progress> '
            f"{escape(words.progress(snapshot))}</div>"
            for name, snapshot in self._runs()
        ]
        return "".join(lines) + (f"<div>{_POLLING}</div>" if self._is_lost() else "")


def _to_standard_error(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
