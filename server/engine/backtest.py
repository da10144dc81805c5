"""One backtest from first bar to metrics."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from time import perf_counter
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue
from server.contract.problems import InvalidRequest
from server.contract.run import Mode, Phase
from server.data.instrument import Instrument
from server.engine.compile.problems import NotCompilable
from server.engine.events import BarCounter, EventBus, EventSink
from server.engine.feed import TS
from server.engine.interpreted import InterpretedPlayer
from server.engine.journal import Rows, rows_of
from server.engine.kernel.journal import FILLED
from server.engine.kernel.records import EVERYTHING, NOTHING, ORDERS, AssetRecord
from server.engine.market import market_of
from server.engine.metrics import ended, measure
from server.engine.money import terms_of
from server.engine.outcome import FILL_DTYPE, ORDER_DTYPE, EngineResult, fills_of, orders_of, rejections_of
from server.engine.player import Compiler, MachineError, Player, Stage
from server.engine.plotting import PlotSink
from server.engine.progress import Progress
from server.engine.round_trips import round_trips_of
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, ROUND_TRIP_DTYPE
from server.engine.telling import Telling
from server.engine.timeline import timeline_of
from server.engine.tracks import tracks_of
from server.strategies.errors import DeclarationError, is_user_failure, strategy_error
from server.strategies.plots import plots_of
from server.strategies.strategy import Strategy, make_strategy, parameters_of

Phases = Callable[[Phase, Mode | None], None]
"""Is told which phase begins, and how the strategy runs where that is known."""
_NO_TABLES: Final = tuple(np.empty(0, dtype=columns) for columns in (ROUND_TRIP_DTYPE, FILL_DTYPE, ORDER_DTYPE))
_BLOCK_S: Final = 0.004
"""Progress is told, and the curve grows, about this often."""


def run_backtest(
    strategy_class: type[Strategy],
    parameters: Mapping[str, ParamValue],
    series: Sequence[Series],
    settings: EngineSettings,
    *,
    progress: Progress,
    compiler: Compiler | None = None,
    phases: Phases | None = None,
    equity_out: npt.NDArray[Any] | None = None,
    listeners: Sequence[EventSink] = (),
    plots: PlotSink | None = None,
    tables: bool = True,
) -> EngineResult:
    """Runs `strategy_class` over `series`, the main one first; `parameters` by their camelCase names.

    `progress` is told once a block of about four milliseconds, and asked for cancel every half
    millisecond or after each bar that takes longer; a cancelled run ends there, with the status "cancelled".
    `equity_out`: a row of EQUITY_DTYPE for each bar of the main series, filled block by block as the run goes, so it
    may be a memory map that others read; of a cancelled run the first rows are filled. The trial of a sweep leaves it
    out, and has no `tables` of orders, fills and round trips: the figures are the same. What the strategy plots is read
    where `plots` takes it or `listeners` hear of it, and not at all otherwise.
    With a `compiler` and unless the settings say otherwise the strategy runs compiled where it can, with the same
    results to the last bit; where it cannot, a warning says why. `phases` is told before it is compiled and before it
    runs.

    Raises StrategyError for what the strategy's code raises, InvalidRequest for settings or parameters that cannot be,
    ForgeError `money_overflow` when the equity leaves int64. MemoryError and exceptions that are no Exception (a
    time-out thrown into the loop) pass as they are.
    """
    noting = EVERYTHING if listeners else ORDERS if tables else NOTHING
    stage = stage_of(series, settings, noting=noting, curve=equity_out)
    with user_code():
        strategy = make_strategy(strategy_class, parameters)
    scale_amounts(strategy, series[0].instrument)
    check_opens(strategy_class, series)
    with user_code():
        strategy.init()
        plotted = plots_of(strategy) if listeners or plots is not None else ()
    stage = stage._replace(plots=plotted)
    player, why = _cast(strategy, stage, compiler if settings.compile else None, phases)
    bus = EventBus([BarCounter(progress)], listeners)
    run = _Run(player, stage, progress, bus, plots, why)
    try:
        return run.result(tables=tables)
    except MachineError as error:
        why = f"{error.cause} in machine code (at bar {error.row})"
    # Out of the clause, so that no stack trace tells of the attempt. The interpreter fails in the strategy's own line,
    # or not at all: its whole numbers have no end.
    if phases is not None:
        phases("simulating", "interpreted")
    run = _Run(InterpretedPlayer(strategy, stage), stage, progress, bus, plots, why, told=run.done)
    return run.result(tables=tables)


def stage_of(
    series: Sequence[Series], settings: EngineSettings, *, noting: int, curve: npt.NDArray[Any] | None
) -> Stage:
    """What runs over `series` are played on, without plots; InvalidRequest for what their money cannot hold."""
    market = market_of(series)
    return Stage(
        series=tuple(series),
        market=market,
        timeline=None if len(series) == 1 else timeline_of(series),
        terms=terms_of(settings, series[0].instrument, market.scale, len(market.instruments)),
        risk_free_rate=settings.risk_free_rate,
        close_at_end=settings.close_at_end,
        noting=noting,
        curve=np.empty(0, dtype=EQUITY_DTYPE) if curve is None else curve,
        plots=(),
    )


def _cast(
    strategy: Strategy, stage: Stage, compiler: Compiler | None, phases: Phases | None
) -> tuple[Player, str | None]:
    """Who plays the strategy, and why it is the interpreter where the compiler was asked first."""
    why: str | None = None
    player: Player | None = None
    if compiler is not None:
        try:
            player = compiler.player(strategy, stage, phases and partial(phases, "compiling", None))
        except NotCompilable as error:
            why = error.summary
        except OSError as error:
            why = f"machine code cannot be kept ({error.strerror or error})"
    player = player or InterpretedPlayer(strategy, stage)
    if phases is not None:
        phases("simulating", player.mode)
    return player, why


class _Run:
    """A run between its blocks."""

    def __init__(
        self,
        player: Player,
        stage: Stage,
        progress: Progress,
        bus: EventBus,
        plots: PlotSink | None,
        why: str | None,
        *,
        told: int | None = None,
    ) -> None:
        """`why` it is interpreted where it was to be compiled; `told`: rows of which an attempt in machine code has
        told already, None without one.
        """
        self._player = player
        self._why = why
        self._told = told or 0
        self._telling = Telling(stage, bus, plots, told)
        self._stage = stage
        self._progress = progress
        self._bus = bus
        self._journal: list[npt.NDArray[np.int64]] = []
        self._done = 0

    @property
    def done(self) -> int:
        """How many rows are done."""
        return self._done

    def result(self, *, tables: bool) -> EngineResult:
        """Plays the run, and tells everything about the bars that were done."""
        started = perf_counter()
        finished = self._simulate()
        account, assets = self._player.account(), self._player.assets()
        tally = self._player.tally()
        metrics = measure(account, assets, tally, self._stage.facts(tally.bars))
        simulate_ms = (perf_counter() - started) * 1000.0
        rows = rows_of(self._journal)
        rejections = rejections_of(rows)
        trips, fills, orders = self._tables(rows, assets) if tables else _NO_TABLES
        return EngineResult(
            status="finished" if finished else "cancelled",
            metrics=metrics,
            round_trips=trips,
            fills=fills,
            orders=orders,
            rejected=account.rejected,
            rejections=rejections,
            warnings=self._warnings(rejections),
            bars=self._done,
            curve_rows=tally.bars,
            mode=self._player.mode,
            why_interpreted=self._why,
            simulate_ms=simulate_ms,
        )

    def _tables(self, rows: Rows, assets: Sequence[AssetRecord]) -> tuple[npt.NDArray[Any], ...]:
        """Round trips, fills and orders."""
        scales = self._stage.market.scales()
        tracks = tracks_of(self._stage, self._done)
        return (
            round_trips_of(rows[rows["code"] == FILLED], tracks, assets, scales),
            fills_of(rows, tracks, scales),
            orders_of(rows, self._stage.opens, scales),
        )

    def _simulate(self) -> bool:
        """Plays block by block; False when it was cancelled."""
        started = perf_counter()
        total = self._stage.rows
        self._telling.begin()
        while self._done < total:
            if self._progress.cancelled():
                return False
            self._block()
        content = {
            "totalBarsProcessed": total,
            "totalFills": self._player.account().fills,
            "finalEquity": self._equity(),
            "durationMs": round((perf_counter() - started) * 1000.0),
        }
        self._telling.announce("run.end", content, total - 1)
        return True

    def _block(self) -> None:
        """Plays some bars, then does for all of them together what need not be done bar by bar."""
        try:
            played = self._player.play(_BLOCK_S, self._progress.cancelled)
        except MachineError:
            raise
        except (Exception, SystemExit) as error:
            raise self._failure(error) from error
        self._telling.block(played, self._player.texts())
        if len(played.journal):
            self._journal.append(played.journal)
        self._done = played.stop
        if played.stop > self._told:
            self._bus.block(played.stop, int(self._stage.opens[played.stop - 1]), self._equity())

    def _equity(self) -> float:
        return self._player.tally().previous / self._stage.terms.scale

    def _failure(self, error: BaseException) -> BaseException:
        """What the strategy raised as StrategyError, with its bar; anything else as it is.

        Events tell of the bars of the block that were done before the failure.
        """
        if not is_user_failure(error):
            return error
        bar = self._player.row
        opens = self._stage.opens
        failure = strategy_error(error, bar=bar, bar_time_ms=int(opens[bar]))
        if bar > self._done:  # the bars of this block that were done before it
            self._progress.advance(bar, int(opens[bar - 1]), self._equity())
        self._telling.block(self._player.unread(self._done, self._stage.instant_of(bar)), self._player.texts())
        self._telling.announce("err", {"message": failure.message, "stackTrace": failure.stack_trace}, bar)
        return failure

    def _warnings(self, rejections: Mapping[str, int]) -> list[str]:
        account = self._player.account()
        warnings = [] if self._why is None else [f"interpreted: {self._why}"]
        warnings += [f"{_counted(count, 'order')} rejected: {reason}" for reason, count in rejections.items()]
        if account.liquidations:
            warnings.append(f"{_counted(account.liquidations, 'position')} liquidated")
        if ended(self._player.tally()).ruined:
            why = "" if self._stage.terms.maintenance >= 0 else "; without a maintenance rate nothing is liquidated"
            warnings.append(f"the equity fell to zero or below{why}")
        return warnings


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def check_opens(strategy_class: type[Strategy], series: Sequence[Series]) -> None:
    """Refuses `on_open` where an open could lie within another series' bar: it would come after that bar's end."""
    if strategy_class.on_open is Strategy.on_open or len(series) == 1:
        return
    starts = {int(start) for one in series for start in np.unique(one.bars[TS, one.first : one.stop] % one.interval_ms)}
    if len({one.interval_ms for one in series}) > 1 or len(starts) > 1:
        raise InvalidRequest(
            "not_supported",
            "dataSubscriptions",
            "a strategy with on_open needs series of one time frame whose bars open together",
        )


def scale_amounts(strategy: Strategy, instrument: Instrument) -> None:
    """Gives the strategy its amounts of quote currency in ticks, as the decimals that the user wrote."""
    for name, info in parameters_of(type(strategy)).items():
        if info.unit == "quote":
            setattr(strategy, name, float(Decimal(str(getattr(strategy, name))) / instrument.tick_size))


@contextmanager
def user_code() -> Iterator[None]:
    """Tells what the strategy's code raises as StrategyError."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if not (is_user_failure(error) or isinstance(error, DeclarationError)):
            raise
        raise strategy_error(error) from error
