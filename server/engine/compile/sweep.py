"""Plays the trials of a sweep in machine code, many in one call."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from server.engine.compile.build import Compiled
from server.engine.compile.columns import CURSORS, candles_of, columns_of, highest_of
from server.engine.compile.interrupting import Interrupter
from server.engine.compile.shelf import Shelf
from server.engine.kernel.records import MAX_ORDERS, AccountRecord, AssetRecord, OrderRecord, array_of, dtype_of
from server.engine.kernel.tally import TallyRecord
from server.engine.player import Ended, Stage
from server.strategies.strategy import Strategy


class CompiledSweep:
    """Implements server.engine.player.SweepPlayer."""

    def __init__(self, shelf: Shelf, interrupter: Interrupter, compiled: Compiled, stage: Stage) -> None:
        """As `CompiledPlayer`; nobody reads the journal."""
        self._interrupter = interrupter
        self._compiled = compiled
        self._journal = shelf.journal(0, 0)
        self._columns = columns_of(stage)
        self._candles = [] if compiled.several else [candles_of(self._columns)]
        self._account = array_of(
            [AccountRecord(cash=stage.terms.cash, several=int(compiled.several), noting=stage.noting)]
        )
        self._assets = array_of(stage.market.records())
        self._orders = np.zeros(MAX_ORDERS + 1, dtype=dtype_of(OrderRecord))
        self._terms = array_of([replace(stage.terms, highest=highest_of(self._columns))])
        self._tally = array_of([stage.tally()])
        self._cursors = np.zeros(CURSORS, dtype=np.int64)
        self._closing = stage.close_at_end
        self._curve = stage.curve
        self._rows = stage.rows

    def play(self, strategies: Sequence[Strategy]) -> list[Ended]:
        """Plays them in one call."""
        packed = self._compiled.pack(strategies)
        runs = len(packed.states)
        accounts, tallies = np.repeat(self._account, runs), np.repeat(self._tally, runs)
        assets = np.tile(self._assets, runs)
        try:
            with self._interrupter.watching(accounts):
                ended = self._compiled.module.sweep(
                    *self._candles,
                    *self._columns.bars,
                    *self._columns.merged,
                    packed.states,
                    packed.floats,
                    packed.ints,
                    accounts,
                    assets,
                    self._orders,
                    self._terms,
                    self._journal,
                    tallies,
                    self._curve,
                    self._columns.dues,
                    self._cursors,
                    self._closing,
                    self._rows,
                )
        except (ArithmeticError, ValueError, IndexError, TimeoutError):
            ended = int(self._cursors[2])
        return _ended(accounts[:ended], assets, tallies)


def _ended(accounts: npt.NDArray[Any], assets: npt.NDArray[Any], tallies: npt.NDArray[Any]) -> list[Ended]:
    held = [AssetRecord(*row) for row in assets.tolist()]
    each = len(assets) // max(len(tallies), 1)
    return [
        Ended(AccountRecord(*account), held[number * each : (number + 1) * each], TallyRecord(*tally))
        for number, (account, tally) in enumerate(zip(accounts.tolist(), tallies.tolist(), strict=False))
    ]
