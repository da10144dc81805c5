"""Plays a run in machine code."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError
from server.engine.compile.compiled import Compiled
from server.engine.kernel.journal import Entry
from server.engine.kernel.records import (
    MAX_NOTES,
    MAX_ORDERS,
    MONEY_OVERFLOW,
    AccountRecord,
    AssetRecord,
    OrderRecord,
    array_of,
)
from server.engine.kernel.tally import TallyRecord
from server.engine.player import Int64s, Played, Stage
from server.strategies.strategy import Strategy

_FIRST_ROWS: Final = 4096
_MOST_ROWS: Final = 1 << 18
_STRIDE_S: Final = 0.002
"""A call of the loop takes about this long: progress is told and cancel seen between two."""


class MachineError(Exception):
    """Compiled code failed at a row, for a reason that the interpreter tells better."""

    def __init__(self, row: int, cause: str) -> None:
        super().__init__(row, cause)
        self.row = row
        self.cause = cause


class CompiledPlayer:
    """Implements server.engine.player.Player; `strategy` after its `init`, of the layout that was compiled."""

    mode: Literal["compiled"] = "compiled"

    def __init__(self, compiled: Compiled, strategy: Strategy, stage: Stage) -> None:
        packed = compiled.pack(strategy)
        series = len(stage.series)
        self._run = compiled.module.run
        self._rows = stage.rows
        self._row = 0
        self._stride = _FIRST_ROWS
        self._scale = stage.terms.scale
        self._bars = [_readonly(row) for row in stage.bars(0)]
        self._packed = packed
        self._account = array_of([AccountRecord(cash=stage.terms.cash)])
        self._assets = array_of(stage.market.records())
        self._orders = array_of([OrderRecord()] * (MAX_ORDERS + 1))
        self._terms = array_of([stage.terms])
        self._journal = np.zeros((MAX_NOTES * (series + 3), len(Entry._fields)), dtype=np.int64)
        self._tally = array_of([stage.tally()])
        self._curve = np.asarray(stage.curve)
        self._flows = np.ascontiguousarray(stage.series[0].flows)
        self._cursors = np.zeros(series, dtype=np.int64)
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
        journal: list[Int64s] = []
        while self._row < self._rows and now < end and not (self._row > start and cancelled()):
            wanted = min(self._row + self._stride, self._rows)
            self._advance(wanted)
            taken = int(self._account[0]["note_rows"])
            if taken:
                journal.append(self._journal[:taken].copy())
                self._account[0]["note_rows"] = 0
            before, now = now, perf_counter()
            if now - before < _STRIDE_S / 2:
                self._stride = min(self._stride * 2, _MOST_ROWS)
            elif now - before > _STRIDE_S * 2:
                self._stride = max(self._stride // 2, 1)
        return Played(start, self._row, np.concatenate(journal) if journal else self._journal[:0])

    def _advance(self, stop: int) -> None:
        try:
            self._row = self._run(
                *self._bars,
                self._packed.state,
                self._packed.floats,
                self._packed.ints,
                self._account,
                self._assets,
                self._orders,
                self._terms,
                self._journal,
                self._tally,
                self._curve,
                self._flows,
                self._cursors,
                self._closing,
                self._row,
                stop,
            )
        except (ArithmeticError, ValueError, IndexError) as error:
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


def _readonly(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view that cannot be written, as memory maps cannot: one type for compiled code."""
    view = np.asarray(values).view()
    view.flags.writeable = False
    return view
