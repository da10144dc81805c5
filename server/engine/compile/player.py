"""Plays a run in machine code."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError
from server.engine.compile.build import Compiled
from server.engine.compile.columns import CURSORS, columns_of
from server.engine.compile.interrupting import Interrupter
from server.engine.compile.plotting import PLOTTED_ROWS, PlotArena
from server.engine.compile.shelf import Shelf
from server.engine.kernel.journal import Entry
from server.engine.kernel.records import (
    MAX_NOTES,
    MAX_ORDERS,
    MONEY_OVERFLOW,
    AccountRecord,
    AssetRecord,
    OrderRecord,
    array_of,
    dtype_of,
)
from server.engine.kernel.tally import TallyRecord
from server.engine.player import MachineError, Played, Stage
from server.strategies.strategy import Strategy

_FIRST_ROWS: Final = 16
_MOST_ROWS: Final = 1 << 18
_STRIDE_S: Final = 0.002
"""A call of the loop takes about this long: progress is told and cancel seen between two."""


class CompiledPlayer:
    """Implements server.engine.player.Player; `strategy` after its `init`, of the layout that was compiled."""

    mode: Literal["compiled"] = "compiled"

    def __init__(
        self, shelf: Shelf, interrupter: Interrupter, compiled: Compiled, strategy: Strategy, stage: Stage
    ) -> None:
        """`shelf`: the memory for its journal; `interrupter` ends code that does not end."""
        self._interrupter = interrupter
        packed = compiled.pack([strategy])
        series = len(stage.series)
        self._shelf = shelf
        self._run = compiled.module.run
        self._texts = compiled.texts
        self._rows = stage.rows
        self._row = 0
        self._stride = _FIRST_ROWS
        self._scale = stage.terms.scale
        self._columns = columns_of(stage)
        self._packed = packed
        self._plots = PlotArena(packed.states, packed.floats, len(stage.plots))
        self._most_rows = PLOTTED_ROWS if stage.plots else _MOST_ROWS
        several = int(stage.timeline is not None)
        self._account = array_of([AccountRecord(cash=stage.terms.cash, several=several, noting=stage.noting)])
        self._assets = array_of(stage.market.records())
        self._orders = np.zeros(MAX_ORDERS + 1, dtype=dtype_of(OrderRecord))
        self._terms = array_of([stage.terms])
        # what the bars of one instant may write, each at its open, within it and at its close, and once more
        self._spare_rows = MAX_NOTES * (3 * series if several else 1) + MAX_NOTES
        self._told = 0
        self._tally = array_of([stage.tally()])
        self._curve = np.asarray(stage.curve)
        self._cursors = np.zeros(CURSORS, dtype=np.int64)
        self._closing = stage.close_at_end

    @property
    def row(self) -> int:
        """The row being played, or the first one to come."""
        return max(int(self._account[0]["bar"]), self._row)

    def play(self, seconds: float, cancelled: Callable[[], bool]) -> Played:
        """Plays rows for about as long; raises MachineError where the strategy's code failed."""
        start = self._row
        now = perf_counter()
        end = now + seconds
        while self._row < self._rows and now < end and not (self._row > start and cancelled()):
            written = int(self._account[0]["note_rows"])
            journal = self._shelf.journal(written + 2 * self._spare_rows, written)
            self._account[0]["pause"] = 0
            self._terms[0]["journal_rows"] = len(journal) - self._spare_rows
            self._advance(min(self._row + self._stride, self._rows), journal)
            self._plots.collect()
            before, now = now, perf_counter()
            if now - before < _STRIDE_S / 2:
                self._stride = min(self._stride * 2, self._most_rows)
            elif now - before > _STRIDE_S * 2:
                self._stride = max(self._stride // 2, 1)
        return self.unread(start, self._row)

    def unread(self, start: int, stop: int) -> Played:
        """What happened since it was last read."""
        first, self._told = self._told, int(self._account[0]["note_rows"])
        journal = self._shelf.journal(0, 0)[first : self._told].view(np.int64).reshape(-1, len(Entry._fields))
        return Played(start, stop, journal, self._plots.taken())

    def texts(self) -> Sequence[str]:
        """What the strategy may call its signals and say in warnings."""
        return self._texts

    def _advance(self, stop: int, journal: npt.NDArray[Any]) -> None:
        try:
            with self._interrupter.watching(self._account):
                self._row = self._run(
                    *self._columns.bars,
                    *self._columns.merged,
                    self._packed.states,
                    self._plots.floats,
                    self._packed.ints,
                    self._account,
                    self._assets,
                    self._orders,
                    self._terms,
                    journal,
                    self._tally,
                    self._curve,
                    self._columns.dues,
                    self._cursors,
                    self._closing,
                    self._row,
                    stop,
                )
        except (ArithmeticError, ValueError, IndexError, TimeoutError) as error:
            raise MachineError(self.row, f"{type(error).__name__}: {error}") from error
        failure = int(self._account[0]["failure"])
        if failure == MONEY_OVERFLOW:
            raise ForgeError(
                "money_overflow",
                f"The equity left the range of whole money units near bar {self.row}: "
                f"trade less, or with less initial cash.",
            )
        if failure:
            raise MachineError(self.row, "too many orders")

    def account(self) -> AccountRecord:
        """The account as it stands."""
        return AccountRecord(*self._account[0].item())

    def assets(self) -> Sequence[AssetRecord]:
        """What is held as it stands."""
        return [AssetRecord(*row.item()) for row in self._assets]

    def tally(self) -> TallyRecord:
        """The sums over the bars played."""
        return TallyRecord(*self._tally[0].item())
