"""Lets machine code write down what a strategy plots, into the arena of floats behind its windows."""

from typing import Final

import numpy as np
import numpy.typing as npt

from server.engine.kernel.records import NO_TIME
from server.engine.plotting import NO_PLOTS, PlotRows

PLOTTED_ROWS: Final = 1 << 14
"""Rows for which there is room: the loop plays no more bars in one call."""
PLOTTED: Final = "on_bar_plotted__"
"""What the loop calls in place of the strategy's `on_bar`."""
FIELDS: Final = (("plotted_to__", "i8"), ("plotted_at__", "i8"))
"""Of the strategy's record, behind its own: where the next row begins, and the instant of the newest."""


def plotting_text(on_bar: str, reader: str, count: int) -> str:
    """The function PLOTTED, which calls `on_bar` ("" for none) and reads, as `server.engine.plotting.PlotReader`."""
    context = "self__, book__, floats__, ints__"
    lines = [
        "@inlined__",
        f"def {PLOTTED}({context}, bar__):",
        *([f"    {on_bar}({context}, bar__)"] if on_bar else []),
        "    if bar__.feed == 0:",
        f"        self__.plotted_to__ += {count}",
        "        self__.plotted_at__ = book__.account.now",
        "    if self__.plotted_at__ == book__.account.now:",
        f"        row__ = {reader}({context})",
        *(
            f"        floats__[uint64__(self__.plotted_to__ - {count - number})] = row__[{number}]"
            for number in range(count)
        ),
    ]
    return "\n".join(lines)


class PlotArena:
    """The rows that machine code writes for one run: `count` floats each, from `base` on in the arena `floats`."""

    def __init__(self, state: npt.NDArray[np.void], floats: npt.NDArray[np.float64], count: int) -> None:
        self._state = state
        self._count = count
        self._base = len(floats)
        self._collected: list[PlotRows] = []
        self.floats = np.concatenate((floats, np.zeros(count * PLOTTED_ROWS))) if count else floats
        if count:
            self._state[0]["plotted_to__"] = self._base
            self._state[0]["plotted_at__"] = NO_TIME

    def collect(self) -> None:
        """Makes room for as many rows again."""
        if self._count:
            rows = self.floats[self._base : int(self._state[0]["plotted_to__"])].reshape(-1, self._count)
            self._collected.append(rows.copy())
            self._state[0]["plotted_to__"] = self._base

    def taken(self) -> PlotRows:
        """The rows that were collected since this was last called."""
        rows = np.concatenate(self._collected) if self._collected else NO_PLOTS
        self._collected.clear()
        return rows
