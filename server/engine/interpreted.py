"""Plays a run in plain Python."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from server.engine.curve import EquityCurve
from server.engine.desk import InterpretedDesk
from server.engine.feed import CLOSE, TS, deliver
from server.engine.flows import due_before
from server.engine.journal import columns_of
from server.engine.kernel.fills import equity_of
from server.engine.kernel.journal import FILLED, PAID, Entry
from server.engine.kernel.records import NOTHING, ORDERS, AccountRecord, AssetRecord
from server.engine.kernel.tally import TallyRecord
from server.engine.loop import Delivery, OnBar, close_out, play, play_instant
from server.engine.player import Int64s, Played, Stage
from server.engine.plotting import NO_PLOTS, PlotReader
from server.engine.timeline import Timeline
from server.strategies.strategy import Strategy

if TYPE_CHECKING:
    from server.strategies.types import Bar

_STRIDE_S: Final = 0.0005
_LONGEST_STRIDE: Final = 64
"""Bars between two looks at the clock and at cancel; fewer where a bar takes long."""
_LARGEST_BLOCK: Final = 8192


class InterpretedPlayer:
    """Implements server.engine.player.Player; `strategy` after its `init`."""

    mode: Literal["interpreted"] = "interpreted"

    def __init__(self, strategy: Strategy, stage: Stage) -> None:
        self._strategy = strategy
        self._desk = InterpretedDesk(stage.terms, stage.market.records())
        self._curve = EquityCurve(stage.curve, stage.tally(), stage.terms.scale)
        self._rows = stage.rows
        self._row = 0
        self._stride = 1
        self._closing = stage.close_at_end
        self._read = stage.noting != NOTHING
        self._desk.book.account.noting = max(stage.noting, ORDERS)  # the curve is drawn from the journal
        strategy._desk = self._desk
        self._plots = PlotReader(strategy, stage.plots, self._desk.book.account) if stage.plots else None
        on_bar = strategy.on_bar if self._plots is None else self._plots.on_bar
        self._reel: _Single | _Several
        if stage.timeline is None:
            self._reel = _Single(strategy, on_bar, self._desk, self._curve, stage)
        else:
            self._reel = _Several(strategy, on_bar, self._desk, self._curve, stage, stage.timeline)

    @property
    def row(self) -> int:
        """The row being played, or the first one to come."""
        return max(self._desk.book.account.bar, self._row)

    def play(self, seconds: float, cancelled: Callable[[], bool]) -> Played:
        """Plays rows for about as long."""
        start = self._row
        now = perf_counter()
        end = now + seconds
        while self._row < self._rows and now < end and self._row - start < _LARGEST_BLOCK:
            if self._row > start and cancelled():
                break
            self._row = self._reel.play(self._row, self._stride)
            before, now = now, perf_counter()
            self._stride = _next_stride(self._stride, now - before)
        if self._row == self._rows and self._closing:
            close_out(self._strategy, self._desk)
        self._reel.mark(start, self._row)
        return self.unread(start, self._row)

    def unread(self, start: int, stop: int) -> Played:
        """What happened since it was last read."""
        journal = self._desk.journal
        taken = columns_of(journal) if journal and self._read else np.empty((0, len(Entry._fields)), dtype=np.int64)
        journal.clear()
        return Played(start, stop, taken, NO_PLOTS if self._plots is None else self._plots.taken())

    def texts(self) -> Sequence[str]:
        """What the strategy has called its signals and said in warnings."""
        return self._desk.texts

    def account(self) -> AccountRecord:
        """The account as it stands."""
        return self._desk.book.account

    def assets(self) -> Sequence[AssetRecord]:
        """What is held as it stands."""
        return self._desk.book.assets

    def tally(self) -> TallyRecord:
        """The sums over the bars played."""
        return self._curve.tally


class _Single:
    """The bars of one series: their equity is computed for a whole block, from the changes in its journal."""

    def __init__(
        self, strategy: Strategy, on_bar: OnBar, desk: InterpretedDesk, curve: EquityCurve, stage: Stage
    ) -> None:
        self._strategy, self._on_bar, self._desk, self._curve = strategy, on_bar, desk, curve
        self._bars = stage.bars(0)
        self._total = stage.rows
        self._feed: Iterator[Bar] = deliver(self._bars, 0, stage.rows)
        self._flows = due_before(stage.series[0].flows, self._bars[TS])
        self._tick_lot = desk.book.assets[0].tick_lot
        self._state = (stage.terms.cash, 0)

    def play(self, row: int, count: int) -> int:
        """Plays up to `count` bars from `row` on; the row after them."""
        stop = min(row + count, self._total)
        play(islice(self._feed, stop - row), self._strategy, self._on_bar, self._desk, self._flows)
        return stop

    def mark(self, start: int, stop: int) -> None:
        """Adds the bars `[start, stop)` to the curve."""
        close = self._bars[CLOSE, start:stop]
        cash, held = self._states(start, stop)
        self._curve.extend(self._bars[TS, start:stop], cash + held * (close * self._tick_lot), held != 0)

    def _states(self, start: int, stop: int) -> tuple[Int64s, Int64s]:
        """Cash and position at every close."""
        changes = [
            (entry.bar, entry.cash, entry.position) for entry in self._desk.journal if entry.code in (FILLED, PAID)
        ]
        table = np.array([(start, *self._state), *changes], dtype=np.int64)
        lengths = np.diff(table[:, 0], append=stop)
        self._state = (int(table[-1, 1]), int(table[-1, 2]))
        return np.repeat(table[:, 1], lengths), np.repeat(table[:, 2], lengths)


class _Several:
    """The bars of several series, by the instants at which they are complete."""

    def __init__(
        self,
        strategy: Strategy,
        on_bar: OnBar,
        desk: InterpretedDesk,
        curve: EquityCurve,
        stage: Stage,
        timeline: Timeline,
    ) -> None:
        self._strategy, self._on_bar, self._desk, self._curve = strategy, on_bar, desk, curve
        self._timeline, self._market = timeline, stage.market
        self._feeds = [
            deliver(stage.bars(number), 0, one.stop - one.first, asset=stage.market.asset_of[number], feed=number)
            for number, one in enumerate(stage.series)
        ]
        self._flows = [
            due_before(one.flows, stage.bars(number)[TS]) if stage.market.matched[number] else {}
            for number, one in enumerate(stage.series)
        ]
        self._instant = 0
        desk.book.account.several = 1
        self._marks: list[tuple[int, int, int]] = []

    def play(self, row: int, count: int) -> int:
        """Plays the bars of one or more instants, until there were `count`; the row after them."""
        timeline = self._timeline
        stop = row
        while stop < min(row + count, len(timeline.opens)):
            first, stop = int(timeline.starts[self._instant]), int(timeline.starts[self._instant + 1])
            deliveries = [self._delivery(number) for number in range(first, stop)]
            play_instant(deliveries, int(timeline.instants[self._instant]), self._strategy, self._on_bar, self._desk)
            self._instant += 1
            main = [delivery.bar for delivery in deliveries if delivery.bar.feed == 0]
            if main:
                self._marks.append((main[0].time, *self._mark()))
                if stop < len(timeline.opens):  # at the last close positions may still be ended
                    self._desk.book.account.marked += 1
        return stop

    def mark(self, start: int, stop: int) -> None:
        """Adds what the main series saw to the curve."""
        if self._marks and stop == len(self._timeline.opens):
            self._marks[-1] = (self._marks[-1][0], *self._mark())  # positions may have been ended
        if self._marks:
            table = np.array(self._marks, dtype=np.int64)
            self._curve.extend(table[:, 0], table[:, 1], table[:, 2] != 0)
            self._marks.clear()

    def _mark(self) -> tuple[int, int]:
        """The equity, and how many assets are held."""
        book = self._desk.book
        return equity_of(book), book.account.holding

    def _delivery(self, row: int) -> Delivery:
        number = int(self._timeline.series[row])
        bar = next(self._feeds[number])
        flows = self._flows[number].get(bar.i, [])
        return Delivery(row, bar, self._market.matched[number], tuple(flows))


def _next_stride(stride: int, spent_s: float) -> int:
    """Twice the bars while they take less than a fair time, one after they took longer."""
    if spent_s > 2 * _STRIDE_S:
        return 1
    return min(stride * 2, _LONGEST_STRIDE) if spent_s < _STRIDE_S else stride
