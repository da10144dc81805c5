"""Tells sinks what a run has played: every row once, whichever attempt at the run has played it."""

from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from server.data.time_frames import time_frame_name
from server.engine.events import EventBus, EventType, Happening
from server.engine.journal import entries_of
from server.engine.kernel.journal import Entry
from server.engine.narrator import Narrator
from server.engine.player import Played, Stage
from server.engine.plotting import PlotRows, PlotSink, in_units
from server.engine.scenes import scenes_of


class Telling:
    """Events for whoever listens to the bus, and plots for their sink; nothing where neither is asked for."""

    def __init__(self, stage: Stage, bus: EventBus, plots: PlotSink | None, told: int | None) -> None:
        """`told`: rows of which an attempt in machine code has told already, None where this is the first attempt."""
        self._stage = stage
        self._bus = bus
        self._plots = plots if stage.plots else None
        self._begun = told is not None
        self._told = told or 0

    def begin(self) -> None:
        """The run begins, unless that was told."""
        if self._begun:
            return
        if self._plots is not None:
            self._plots.begin([plot.name for plot in self._stage.plots])
        if self._bus.listened:
            self.announce("run.start", {"assetName": self._narrator.main_asset}, 0)

    def block(self, played: Played, texts: Sequence[str]) -> None:
        """Tells of rows, those that an attempt in machine code has told of to nobody."""
        if not self._bus.listened and self._plots is None:
            return
        told = min(max(self._told, played.start), played.stop)
        known = self._main_bars(played.start, told)
        rows = in_units(played.plots, self._stage.plots, self._stage.market.scales()[0])
        if self._plots is not None:
            self._plots.accept(rows[known : self._main_bars(played.start, played.stop)])
        if self._bus.listened:
            later = played.journal[:, Entry._fields.index("bar")] >= self._told
            before = self._narrated(played.start, told, played.journal[~later], rows[:known], texts)
            deque(before, maxlen=0)  # groups are followed from the start
            if played.stop > told:
                self._bus.publish(self._narrated(told, played.stop, played.journal[later], rows[known:], texts))

    def announce(self, kind: EventType, content: dict[str, Any], row: int) -> None:
        """Tells of the run as a whole, at the open of a row."""
        if self._bus.listened and self._stage.rows:
            self._bus.publish(iter([(int(self._stage.opens[row]), kind, "engine", content)]))

    @cached_property
    def _narrator(self) -> Narrator:
        time_frames = [time_frame_name(one.interval_ms) for one in self._stage.series]
        return Narrator(self._stage.market, time_frames, self._stage.plots)

    def _narrated(
        self, start: int, stop: int, journal: npt.NDArray[np.int64], plots: PlotRows, texts: Sequence[str]
    ) -> Iterator[Happening]:
        return self._narrator.tell(scenes_of(self._stage, start, stop), entries_of(journal), plots.tolist(), texts)

    def _main_bars(self, start: int, stop: int) -> int:
        """How many of these rows are bars of the main series."""
        timeline = self._stage.timeline
        return stop - start if timeline is None else int(np.count_nonzero(timeline.series[start:stop] == 0))
