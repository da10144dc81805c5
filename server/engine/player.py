"""What plays the bars of a run: the interpreter, or compiled code."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from server.contract.run import Mode
from server.engine.kernel.records import AccountRecord, AssetRecord, TermsRecord
from server.engine.kernel.tally import TallyRecord
from server.engine.market import Market
from server.engine.metrics import Facts, periods_a_year
from server.engine.plotting import PlotRows
from server.engine.series import Series
from server.engine.timeline import Timeline
from server.strategies.plots import Plot
from server.strategies.strategy import Strategy

Int64s = npt.NDArray[np.int64]


class Stage(NamedTuple):
    """Everything that a run is played on. `timeline`: None for one series alone, whose rows are its bars.

    `curve`: rows of EQUITY_DTYPE, one for each bar of the main series, filled as the run goes; none where nobody
    wants them. `noting`: what of the journal anybody reads, as in the account's record.
    `plots`: those that anybody wants to see.
    """

    series: tuple[Series, ...]
    market: Market
    timeline: Timeline | None
    terms: TermsRecord
    risk_free_rate: float
    close_at_end: bool
    noting: int
    curve: npt.NDArray[Any]
    plots: tuple[Plot, ...] = ()

    @property
    def rows(self) -> int:
        """How many bars of all series the run plays."""
        return self.bars(0).shape[1] if self.timeline is None else len(self.timeline.opens)

    @property
    def opens(self) -> Int64s:
        """The opens of all rows in ms."""
        return self.bars(0)[0] if self.timeline is None else self.timeline.opens

    def instant_of(self, row: int) -> int:
        """The first row of those that are complete together with `row`."""
        if self.timeline is None:
            return row
        starts = self.timeline.starts
        return int(starts[np.searchsorted(starts, row, side="right") - 1])

    def bars(self, series: int) -> Int64s:
        """The bars of one series within the run: (6, n) int64."""
        one = self.series[series]
        return np.asarray(one.bars)[:, one.first : one.stop]

    def facts(self, bars: int) -> Facts:
        """What metrics over the first `bars` of the main series have to know besides sums."""
        return Facts(self.terms.cash, self.terms.scale, periods_a_year(self.bars(0)[0, :bars]))

    def tally(self) -> TallyRecord:
        """The sums before the first bar."""
        periods = periods_a_year(self.bars(0)[0])
        rate = 0.0 if periods is None else (1.0 + self.risk_free_rate) ** (1.0 / periods) - 1.0
        cash = self.terms.cash
        return TallyRecord(previous=cash, base=float(cash), peak=cash, risk_free=rate)


class MachineError(Exception):
    """Compiled code failed at a row, for a reason that the interpreter tells better."""

    def __init__(self, row: int, cause: str) -> None:
        super().__init__(row, cause)
        self.row = row
        self.cause = cause


class Played(NamedTuple):
    """A stretch of rows `[start, stop)`: what happened in it, as `server.engine.journal.columns_of`, and what the
    strategy plots, a row for each bar of the main series.
    """

    start: int
    stop: int
    journal: Int64s
    plots: PlotRows


class Compiler(Protocol):
    """Makes players that run in machine code."""

    def player(self, strategy: Strategy, stage: Stage, compiling: Callable[[], None] | None = None) -> "Player":
        """Plays `strategy` after its `init`; `compiling` is told where making it takes a while.

        Raises NotCompilable where there can be no compiled form.
        """
        ...

    def sweep(self, strategy: Strategy, stage: Stage) -> "SweepPlayer":
        """Plays runs of strategies like `strategy` on a stage without a curve; errors as of `player`."""
        ...


class Ended(NamedTuple):
    """Where a run stands after its last bar, whatever is still held ended where the stage says so."""

    account: AccountRecord
    assets: Sequence[AssetRecord]
    tally: TallyRecord


class SweepPlayer(Protocol):
    """Plays whole runs on one stage, without anything that is told on the way."""

    def play(self, strategies: Sequence[Strategy]) -> list[Ended]:
        """Plays `strategies` after their `init`, from the first on.

        Ends before one that is of another layout, that fails, or that is interrupted: played alone it tells why.
        """
        ...


class Player(Protocol):
    """Plays a run block by block; what is held and counted can be looked at between blocks."""

    @property
    def mode(self) -> Mode:
        """How the strategy runs."""
        ...

    @property
    def row(self) -> int:
        """The row being played, or the first one to come."""
        ...

    def play(self, seconds: float, cancelled: Callable[[], bool]) -> Played:
        """Plays rows for about as long, until all are played or somebody cancels: at least one.

        After the last one every position ends, where the stage says so. Raises what the strategy raises, or
        MachineError where its compiled form failed, and ForgeError `money_overflow`.
        """
        ...

    def unread(self, start: int, stop: int) -> Played:
        """What happened since the last block, as `play` would have told of these rows had it not failed."""
        ...

    def texts(self) -> Sequence[str]:
        """What the journal knows by numbers: names of signals, warnings."""
        ...

    def account(self) -> AccountRecord:
        """The account as it stands."""
        ...

    def assets(self) -> Sequence[AssetRecord]:
        """What is held as it stands."""
        ...

    def tally(self) -> TallyRecord:
        """The sums over the bars played; the fall that is still open is not counted among the deepest."""
        ...
