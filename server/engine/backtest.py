"""One backtest from first bar to metrics."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import islice
from time import perf_counter
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue
from server.data.instrument import Instrument
from server.engine.curve import EquityCurve
from server.engine.desk import InterpretedDesk
from server.engine.events import BarCounter, EventBus, EventSink, EventType, Narrator
from server.engine.feed import CLOSE, TS, deliver
from server.engine.journal import FILLED, Rows, columns_of, rows_of
from server.engine.loop import changes_in, close_out, play
from server.engine.metrics import Facts, measure, periods_a_year
from server.engine.money import terms_of
from server.engine.outcome import EngineResult, fills_of, orders_of, rejections_of
from server.engine.progress import Progress
from server.engine.records import LIQUIDATION
from server.engine.round_trips import round_trips_of
from server.engine.scales import scales_of
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE
from server.strategies.errors import is_user_failure, strategy_error
from server.strategies.strategy import Strategy, make_strategy, parameters_of
from server.strategies.types import Bar

_BLOCK_S: Final = 0.004
"""Progress is told, and the curve grows, about this often."""
_LARGEST_BLOCK: Final = 8192
_STRIDE_S: Final = 0.0005
_LONGEST_STRIDE: Final = 64
"""Bars between two looks at the clock and at cancel; fewer where a bar takes long."""

Bars = npt.NDArray[np.int64]


def run_backtest(
    strategy_class: type[Strategy],
    parameters: Mapping[str, ParamValue],
    series: Sequence[Series],
    settings: EngineSettings,
    *,
    progress: Progress,
    equity_out: npt.NDArray[Any] | None = None,
    listeners: Sequence[EventSink] = (),
) -> EngineResult:
    """Runs `strategy_class` over `series`, the main one first; `parameters` by their camelCase names.

    `progress` is told once a block of about four milliseconds, and asked for cancel every half
    millisecond or after each bar that takes longer; a cancelled run ends there, with the status "cancelled".
    `equity_out`: stop - first rows of EQUITY_DTYPE, filled block by block as the run goes, so it may be a memory map
    that others read; of a cancelled run the first `EngineResult.bars` rows are filled. The trial of a sweep leaves it
    out: the curve then lives in memory for as long as the run, and the figures are the same.

    Raises StrategyError for what the strategy's code raises, InvalidRequest for settings or parameters that cannot be,
    ForgeError `money_overflow` when the equity leaves int64. MemoryError and exceptions that are no Exception (a
    time-out thrown into the loop) pass as they are.
    """
    main = series[0]
    first, stop, instrument = main.first, main.stop, main.instrument
    with _user_code():
        strategy = make_strategy(strategy_class, parameters)
    _scale_amounts(strategy, instrument)
    with _user_code():
        strategy.init()
    started = perf_counter()
    curve = np.empty(stop - first, dtype=EQUITY_DTYPE) if equity_out is None else equity_out
    run = _Run(strategy, np.asarray(main.bars)[:, first:stop], instrument, settings, progress, curve, listeners)
    finished = run.simulate()
    return run.result("finished" if finished else "cancelled", started)


class _Run:
    """The state of one run between blocks."""

    def __init__(
        self,
        strategy: Strategy,
        bars: Bars,
        instrument: Instrument,
        settings: EngineSettings,
        progress: Progress,
        equity_out: npt.NDArray[Any],
        listeners: Sequence[EventSink],
    ) -> None:
        self._strategy = strategy
        self._bars = bars
        self._settings = settings
        self._terms = terms_of(settings, instrument)
        self._scales = scales_of(instrument)
        self._desk = InterpretedDesk(self._terms, instrument.money_per_unit)
        self._progress = progress
        self._bus = EventBus([BarCounter(progress)], listeners)
        self._narrator = Narrator(instrument.asset_name, self._scales, self._terms.tick_lot)
        self._curve = EquityCurve(equity_out, self._terms.cash, self._terms.tick_lot, instrument.money_per_unit)
        self._journal: list[npt.NDArray[np.int64]] = []
        self._stride = 1
        strategy._desk = self._desk

    def simulate(self) -> bool:
        """Runs block by block; False when it was cancelled."""
        total = self._bars.shape[1]
        feed = deliver(self._bars, 0, total)
        self._announce("run.start", {"assetName": self._narrator.asset_name})
        while self._curve.done < total:
            if self._progress.cancelled():
                return False
            self._block(feed, min(_LARGEST_BLOCK, total - self._curve.done))
        content = {"totalBarsProcessed": total, "totalFills": self._desk.account.fills}
        self._announce("run.end", {**content, "finalEquity": self._curve.money / self._scales.money_per_unit})
        return True

    def _block(self, feed: Iterator[Bar], most: int) -> None:
        """Plays up to `most` bars, then does for all of them together what need not be done bar by bar."""
        desk, curve = self._desk, self._curve
        told: list[Bar] = []
        start = curve.done
        try:
            stop = start + self._play(feed, most, told)
        except (Exception, SystemExit) as error:
            raise self._failure(error, told) from error
        block = self._bars[:, start:stop]
        if stop == self._bars.shape[1] and self._settings.close_at_end:
            close_out(self._strategy, desk, int(block[CLOSE, -1]))
        changes = changes_in(desk) if desk.journal else ()
        curve.check(block[CLOSE], changes)
        equity = curve.extend(block[TS], block[CLOSE], changes)
        if self._bus.listened:
            self._bus.publish(self._narrator.tell(told, desk.journal))
        if desk.journal:
            self._journal.append(columns_of(desk.journal))
            desk.journal.clear()
        self._bus.block(stop, int(block[TS, -1]), equity)

    def _play(self, feed: Iterator[Bar], most: int, told: list[Bar]) -> int:
        """Plays bars until there were `most`, a block's time is over, or somebody cancels; returns how many.

        Where events are listened to, `told` is given the bars.
        """
        now = perf_counter()
        end = now + _BLOCK_S
        played = 0
        while played < most and now < end and not (played and self._progress.cancelled()):
            size = min(self._stride, most - played)
            stride: Iterable[Bar] = islice(feed, size)
            if self._bus.listened:
                stride = list(stride)
                told += stride
            play(stride, self._strategy, self._desk)
            played += size
            before, now = now, perf_counter()
            self._stride = _next_stride(self._stride, now - before)
        return played

    def _failure(self, error: BaseException, told: Sequence[Bar]) -> BaseException:
        """What the strategy raised as StrategyError, with its bar; anything else as it is.

        `told`: bars of the block, some perhaps not played; events tell of those before the failure.
        """
        if not is_user_failure(error):
            return error
        bar = self._desk.account.bar
        failure = strategy_error(error, bar=bar, bar_time_ms=int(self._bars[TS, bar]))
        if bar > self._curve.done:  # the bars of this block that were done before it
            equity = self._curve.money / self._scales.money_per_unit
            self._progress.advance(bar, int(self._bars[TS, bar - 1]), equity)
        if self._bus.listened:
            played = [one for one in told if one.i < bar]
            self._bus.publish(self._narrator.tell(played, self._desk.journal))
        content = {"message": failure.message, "stackTrace": failure.stack_trace}
        self._announce("err", content, at=failure.bar_time_ms)
        return failure

    def _announce(self, kind: EventType, content: dict[str, Any], at: int | None = None) -> None:
        if self._bus.listened and self._bars.shape[1]:
            last = max(self._curve.done - 1, 0)
            ts = int(self._bars[TS, last]) if at is None else at
            self._bus.publish(iter([(ts, kind, "engine", content)]))

    def result(self, status: Literal["finished", "cancelled"], started: float) -> EngineResult:
        """Everything about the bars that were done."""
        done = self._curve.done
        bars = self._bars[:, :done]
        rows = rows_of(self._journal)
        filled = rows[rows["code"] == FILLED]
        asset = self._desk.assets[0]
        trips = round_trips_of(filled, bars, asset, self._terms, self._scales)
        metrics = measure(self._curve.equity[:done], trips, self._facts(filled, bars))
        simulate_ms = (perf_counter() - started) * 1000.0
        rejections = rejections_of(rows)
        return EngineResult(
            status=status,
            metrics=metrics,
            round_trips=trips,
            fills=fills_of(rows, bars[TS], self._scales),
            orders=orders_of(rows, bars[TS], self._scales),
            rejected=self._desk.account.rejected,
            rejections=rejections,
            warnings=self._warnings(rejections, filled),
            bars=done,
            mode="interpreted",
            simulate_ms=simulate_ms,
        )

    def _facts(self, filled: Rows, bars: Bars) -> Facts:
        scale = self._scales.money_per_unit
        traded = np.abs(filled["lots"] * filled["price"]).astype(np.float64).sum() * self._terms.tick_lot
        return Facts(
            initial_cash=self._terms.cash / scale,
            net_profit=(self._curve.money - self._terms.cash) / scale,
            commissions=float(filled["commission"].sum()) / scale,
            traded=float(traded) / scale,
            fills=len(filled),
            bars_in_market=self._curve.bars_in_market,
            periods_a_year=periods_a_year(bars[TS]),
            risk_free_rate=self._settings.risk_free_rate,
        )

    def _warnings(self, rejections: Mapping[str, int], filled: Rows) -> list[str]:
        warnings = [f"{_counted(count, 'order')} rejected: {reason}" for reason, count in rejections.items()]
        liquidations = int(np.count_nonzero(filled["purpose"] == LIQUIDATION))
        if liquidations:
            warnings.append(f"{_counted(liquidations, 'position')} liquidated")
        equity = self._curve.equity[: self._curve.done]
        if len(equity) and equity.min() <= 0:
            why = "" if self._terms.maintenance >= 0 else "; without a maintenance rate nothing is liquidated"
            warnings.append(f"the equity fell to zero or below{why}")
        return warnings


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _next_stride(stride: int, spent_s: float) -> int:
    """Twice the bars while they take less than a fair time, one after they took longer."""
    if spent_s > 2 * _STRIDE_S:
        return 1
    return min(stride * 2, _LONGEST_STRIDE) if spent_s < _STRIDE_S else stride


def _scale_amounts(strategy: Strategy, instrument: Instrument) -> None:
    """Gives the strategy its amounts of quote currency in ticks, as the decimals that the user wrote."""
    for name, info in parameters_of(type(strategy)).items():
        if info.unit == "quote":
            setattr(strategy, name, float(Decimal(str(getattr(strategy, name))) / instrument.tick_size))


@contextmanager
def _user_code() -> Iterator[None]:
    """Tells what the strategy's code raises as StrategyError."""
    try:
        yield
    except (Exception, SystemExit) as error:
        if not is_user_failure(error):
            raise
        raise strategy_error(error) from error
