"""The numbers that a strategy plots: a row for each bar of the main series, read once all of its instant are known."""

import math
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from server.engine.kernel.records import NO_TIME, AccountRecord
from server.engine.scales import Scales
from server.strategies.plots import Plot
from server.strategies.strategy import Strategy
from server.strategies.types import Bar

PlotRows = npt.NDArray[np.float64]
"""(bars, plots): NaN, or what is not finite, where there is no number."""
NO_PLOTS: Final[PlotRows] = np.empty((0, 0))


class PlotSink(Protocol):
    """Keeps what is plotted."""

    def begin(self, names: Sequence[str]) -> None:
        """What the columns are called; told once, before any row."""
        ...

    def accept(self, rows: PlotRows) -> None:
        """Takes the rows of a block, in the units that users read."""
        ...


class PlotReader:
    """Reads the plots of an interpreted strategy after each of its bars."""

    def __init__(self, strategy: Strategy, plots: Sequence[Plot], account: AccountRecord) -> None:
        self._strategy = strategy
        self._account = account
        self._plots = [(attrgetter(plot.path), plot.ready and attrgetter(f"{plot.ready}.ready")) for plot in plots]
        self._instant = NO_TIME
        self._rows: list[tuple[float, ...]] = []

    def on_bar(self, bar: Bar) -> None:
        """Hands a bar to the strategy, and reads what it plots of the main bar that is complete at this instant."""
        self._strategy.on_bar(bar)
        if bar.feed == 0:
            self._rows.append(())
            self._instant = self._account.now
        if self._account.now == self._instant:
            self._rows[-1] = tuple(self._read(*plot) for plot in self._plots)

    def taken(self) -> PlotRows:
        """The rows since this was last called."""
        rows = np.array(self._rows, dtype=np.float64).reshape(-1, len(self._plots))
        self._rows.clear()
        return rows

    def _read(self, value: Callable[[Any], Any], ready: Callable[[Any], Any] | str) -> float:
        if callable(ready) and not ready(self._strategy):
            return math.nan
        number = value(self._strategy)
        try:
            return float(number) if isinstance(number, int | float) else math.nan
        except OverflowError:
            return math.nan


def in_units(rows: PlotRows, plots: Sequence[Plot], scales: Scales) -> PlotRows:
    """Rows with ticks of the main asset in quote currency, by its `scales`."""
    quoted = [plot.unit == "quote" for plot in plots]
    shown: PlotRows = rows * np.where(quoted, scales.tick_numerator, 1) / np.where(quoted, scales.tick_denominator, 1)
    return shown
