"""How a run goes on: progress, cancel, failures, events, the curve that others read."""

import time
from pathlib import Path

import numpy as np
import pytest

from server.contract.problems import ForgeError, InvalidRequest
from server.engine.events import Event, Recorder
from server.engine.tables import EQUITY_DTYPE
from server.strategies import Bar, Strategy, param
from server.strategies.errors import StrategyError
from server.strategies.shipped.buy_and_hold import BuyAndHold
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.trading import COIN, HOUR_MS, MONDAY_MS, Counter, flat_bars, run, scripted, settings, walk

BARS = walk(20_000, start=12_000, step=9)


def test_progress_ends_at_the_number_of_bars() -> None:
    progress = Counter()
    result = run(SmaCrossover, BARS, progress=progress)
    bars = [told[0] for told in progress.told]
    assert bars == sorted(set(bars))
    assert bars[-1] == result.bars == 20_000
    assert progress.told[-1] == (20_000, int(BARS[0, -1]), result.metrics.final_equity)


def test_progress_is_told_in_blocks() -> None:
    progress = Counter()
    run(SmaCrossover, BARS, progress=progress)
    assert len(progress.told) < 2_000


def test_a_cancelled_run_stops_and_tells_how_far_it_came() -> None:
    progress = Counter(cancel_after=1)
    curve = np.zeros(20_000, dtype=EQUITY_DTYPE)
    result = run(SmaCrossover, BARS, progress=progress, equity_out=curve)
    assert result.status == "cancelled"
    assert 0 < result.bars == progress.told[-1][0] < 20_000
    assert np.count_nonzero(curve["ts"]) == result.bars
    assert result.metrics.final_equity == curve["equity"][result.bars - 1]


def test_a_run_that_was_cancelled_before_its_start_does_nothing() -> None:
    class Unwanted(Counter):
        def cancelled(self) -> bool:
            return True

    result = run(SmaCrossover, BARS, progress=Unwanted())
    assert (result.status, result.bars, result.metrics.net_profit) == ("cancelled", 0, 0.0)


def test_slow_bars_hear_of_a_cancel_after_few_of_them() -> None:
    class Slows(Strategy):
        """Fast at first, then two milliseconds a bar."""

        def on_bar(self, bar: Bar) -> None:
            if bar.i > 5_000:
                time.sleep(0.002)

    class AskedAt(Counter):
        def cancelled(self) -> bool:
            return bool(self.told) and self.told[-1][0] > 5_000

    result = run(Slows, BARS, progress=AskedAt())
    assert result.status == "cancelled"
    assert 5_000 < result.bars < 5_150


def test_a_curve_in_a_file_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "equity.live.npy"
    curve = np.lib.format.open_memmap(path, mode="w+", dtype=EQUITY_DTYPE, shape=(20_000,))

    class Reader(Counter):
        def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
            super().advance(bars, bar_time_ms, equity)
            seen = np.load(path, mmap_mode="r")
            assert np.count_nonzero(seen["ts"]) == bars
            assert seen["equity"][bars - 1] == equity

    progress = Reader()
    result = run(SmaCrossover, BARS, progress=progress, equity_out=curve)
    assert len(progress.told) > 1
    assert curve["equity"][-1] == result.metrics.final_equity


def test_a_trial_without_a_curve_comes_to_the_same_figures() -> None:
    curve = np.zeros(20_000, dtype=EQUITY_DTYPE)
    under = settings(rate=0.001, slippage=1)
    with_curve = run(SmaCrossover, BARS, under=under, equity_out=curve)
    without = run(SmaCrossover, BARS, under=under)
    assert with_curve.metrics == without.metrics
    assert with_curve.round_trips.tobytes() == without.round_trips.tobytes()


def test_listening_changes_nothing() -> None:
    under = settings(rate=0.001)
    recorder = Recorder()
    heard = run(SmaCrossover, BARS, under=under, listeners=[recorder])
    assert heard.metrics == run(SmaCrossover, BARS, under=under).metrics
    assert sum(event.type == "bar" for event in recorder.events) == 20_000
    assert sum(event.type == "ord.fill" for event in recorder.events) == heard.metrics.total_fills


def test_drawdowns_count_from_the_initial_cash() -> None:
    curve = np.zeros(3, dtype=EQUITY_DTYPE)
    run(scripted({0: lambda s: s.buy(share=1.0)}), flat_bars(100, 100, 75), equity_out=curve)
    assert curve["drawdown"].tolist() == [0.0, 0.0, -25.0]


def test_no_bars_give_no_result_but_the_initial_cash() -> None:
    result = run(SmaCrossover, flat_bars())
    assert (result.status, result.bars, result.metrics.final_equity) == ("finished", 0, 10_000.0)


def test_a_single_bar_has_no_yearly_figures() -> None:
    metrics = run(SmaCrossover, flat_bars(100)).metrics
    assert (metrics.annual_return_pct, metrics.sharpe_ratio, metrics.annual_volatility_pct) == (None, None, None)


def test_what_a_strategy_raises_names_the_bar_and_shows_its_own_lines() -> None:
    def breaks(_: Strategy) -> None:
        raise ValueError("no more")

    with pytest.raises(StrategyError) as failure:
        run(scripted({700: breaks}), BARS)
    assert failure.value.message == "ValueError: no more (at bar 700)"
    assert failure.value.bar == 700
    assert failure.value.bar_time_ms == int(BARS[0, 700])
    assert 'raise ValueError("no more")' in failure.value.stack_trace
    assert "server/engine" not in failure.value.stack_trace


def test_leaving_the_program_fails_the_run() -> None:
    def leaves(_: Strategy) -> None:
        raise SystemExit(3)

    with pytest.raises(StrategyError, match="SystemExit: 3"):
        run(scripted({1: leaves}), BARS)


def test_running_out_of_memory_is_not_the_strategy_s_error() -> None:
    def fills(_: Strategy) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        run(scripted({1: fills}), BARS)


def test_an_error_in_init_has_no_bar() -> None:
    class Broken(Strategy):
        def init(self) -> None:
            raise KeyError("period")

        def on_bar(self, bar: Bar) -> None: ...

    with pytest.raises(StrategyError, match="KeyError: 'period'") as failure:
        run(Broken, BARS)
    assert failure.value.bar is None


def test_orders_cannot_be_placed_in_init() -> None:
    class TooEarly(Strategy):
        def init(self) -> None:
            self.buy(1)

        def on_bar(self, bar: Bar) -> None: ...

    with pytest.raises(StrategyError, match=r"orders and positions exist while bars are delivered"):
        run(TooEarly, BARS)


def test_parameters_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidRequest) as refusal:
        run(SmaCrossover, BARS, {"fastPeriod": 1, "speed": 3})
    assert sorted(field.path for field in refusal.value.errors) == ["SmaCrossover.fastPeriod", "SmaCrossover.speed"]


def test_an_amount_of_quote_currency_reaches_the_strategy_in_ticks() -> None:
    seen: list[float] = []

    class Offset(Strategy):
        distance: float = param(0.29, unit="quote")
        factor: float = param(0.29)

        def init(self) -> None:
            seen.extend((self.distance, self.factor))

        def on_bar(self, bar: Bar) -> None: ...

    run(Offset, flat_bars(100))
    assert seen == [29.0, 0.29]


def test_equity_beyond_whole_money_units_ends_the_run() -> None:
    under = settings(cash=40_000_000_000, account="margin")
    with pytest.raises(ForgeError) as refusal:
        run(BuyAndHold, flat_bars(100, 100, 10_000), under=under)
    assert refusal.value.code == "money_overflow"


def test_events_tell_a_run_in_order() -> None:
    recorder = Recorder()
    run(
        scripted({0: lambda s: s.buy(2), 1: lambda s: s.sell(3)}),
        flat_bars(100, 110, 120),
        under=settings(rate=0.01),
        listeners=[recorder],
    )
    told = [(event.sq, event.ts - MONDAY_MS, event.type) for event in recorder.events]
    assert told == [
        (1, 0, "run.start"),
        (2, 0, "ord.place"),
        (3, 0, "bar"),
        (4, HOUR_MS, "ord.fill"),
        (5, HOUR_MS, "pos"),
        (6, HOUR_MS, "ord.place"),
        (7, HOUR_MS, "bar"),
        (8, 2 * HOUR_MS, "ord.reject"),
        (9, 2 * HOUR_MS, "bar"),
        (10, 2 * HOUR_MS, "run.end"),
    ]
    assert _content(recorder, "ord.fill") == {
        "assetName": COIN.asset_name,
        "orderId": 1,
        "side": "buy",
        "quantity": 2.0,
        "price": 1.1,
        "commission": 0.022,
    }
    assert _content(recorder, "pos") == {"assetName": COIN.asset_name, "quantity": 2.0, "averageEntryPrice": 1.1}
    assert _content(recorder, "bar") == {
        "assetName": COIN.asset_name,
        "timeFrame": "1h",
        "open": 1.0,
        "high": 1.0,
        "low": 1.0,
        "close": 1.0,
        "volume": 0.001,
    }
    end = dict(_content(recorder, "run.end"))
    assert end.pop("durationMs") in range(60_000)
    assert end == {"totalBarsProcessed": 3, "totalFills": 1, "finalEquity": 9999.998 + 0.18}


def test_a_failure_is_the_last_event() -> None:
    recorder = Recorder()

    def breaks(_: Strategy) -> None:
        raise ValueError("no more")

    with pytest.raises(StrategyError):
        run(scripted({0: lambda s: s.buy(1), 2: breaks}), flat_bars(100, 110, 120, 130), listeners=[recorder])
    assert [event.type for event in recorder.events] == [
        *("run.start", "ord.place", "bar", "ord.fill", "pos", "bar", "err")
    ]
    last = recorder.events[-1]
    assert (last.ts, last.d["message"]) == (MONDAY_MS + 2 * HOUR_MS, "ValueError: no more (at bar 2)")


def _content(recorder: Recorder, kind: str) -> dict[str, object]:
    found: list[Event] = [event for event in recorder.events if event.type == kind]
    return found[0].d
