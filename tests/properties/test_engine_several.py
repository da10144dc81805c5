"""Whatever a strategy does on several assets: both forms agree, and the books balance."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from server.engine.backtest import run_backtest
from server.engine.events import Event, Recorder
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, OPEN
from server.strategies import Strategy
from tests.forms import both_forms, workshop
from tests.fuzzing import Fuzz, PairFuzz
from tests.stages import ALONE, ARRANGEMENTS, SAME, SETTINGS, Plan, assets_of, stage
from tests.trading import Counter

SEEDS = st.integers(1, 1_000_000)
HOURS = st.integers(2, 60)
PLANS = st.sampled_from((ALONE, *ARRANGEMENTS))


def series_of(plans: tuple[Plan, ...], hours: int, seed: int) -> list[Series]:
    return stage(plans, hours, seed, gaps=seed % 2 == 0, flows=seed % 3 == 0)


@settings(max_examples=60)
@given(PLANS, HOURS, SEEDS, SETTINGS)
def test_a_strategy_that_trades_several_assets_by_chance_does_the_same_in_both_forms(
    plans: tuple[Plan, ...], hours: int, seed: int, under: EngineSettings
) -> None:
    both_forms(PairFuzz, series_of(plans, hours, seed), {"seed": seed, "assets": assets_of(plans)}, under)


@settings(max_examples=30)
@given(HOURS, SEEDS, SETTINGS)
def test_a_strategy_with_on_open_does_the_same_in_both_forms_beside_another_asset(
    hours: int, seed: int, under: EngineSettings
) -> None:
    both_forms(Fuzz, series_of(SAME, hours, seed), {"seed": seed, "eager": 0.5}, under)


@settings(max_examples=40)
@given(PLANS, HOURS, SEEDS, SETTINGS)
def test_a_trial_of_which_nobody_wants_tables_has_the_same_figures(
    plans: tuple[Plan, ...], hours: int, seed: int, under: EngineSettings
) -> None:
    series = series_of(plans, hours, seed)
    parameters = {"seed": seed, "assets": assets_of(plans)}
    whole = both_forms(PairFuzz, series, parameters, under)
    for compiler in (None, workshop()):
        trial = run_backtest(PairFuzz, parameters, series, under, progress=Counter(), compiler=compiler, tables=False)
        assert trial.metrics == whole.metrics
        assert (trial.rejected, trial.bars, len(trial.fills)) == (whole.rejected, whole.bars, 0)


class Books:
    """One run with all that it told."""

    def __init__(self, strategy: type[Strategy], series: list[Series], under: EngineSettings, seed: int) -> None:
        recorder = Recorder()
        self.series = series
        names = [one.instrument.asset_name for one in series]
        self.names = list(dict.fromkeys(names))
        self.instruments = [series[names.index(name)].instrument for name in self.names]
        self.matched = [
            min((one for one in series if one.instrument.asset_name == name), key=lambda one: one.interval_ms)
            for name in self.names
        ]
        self.scale = max(one.money_per_unit for one in self.instruments)
        self.curve = np.zeros(series[0].stop, dtype=EQUITY_DTYPE)
        self.under = under
        self.result = run_backtest(
            strategy,
            {"seed": seed, "assets": len(self.names)},
            series,
            under,
            progress=Counter(),
            compiler=workshop(),
            equity_out=self.curve,
            listeners=[recorder],
        )
        self.flows: list[Event] = [event for event in recorder.events if event.type == "cash"]

    def money(self, amount: float) -> int:
        return round(amount * self.scale)

    def tick_lot(self, asset: int) -> int:
        instrument = self.instruments[asset]
        return instrument.money_per_tick_lot * (self.scale // instrument.money_per_unit)

    def balance(self, instant_ms: int, *, ended: bool) -> int:
        """Cash and positions at the newest closes, from the fills and flows of bars that were complete by then."""
        equity = self.money(self.under.initial_cash)
        for event in self.flows:
            asset = self.names.index(str(event.d["assetName"]))
            if event.ts + self.matched[asset].interval_ms <= instant_ms:
                equity += self.money(event.d["amount"])
        for asset, matched in enumerate(self.matched):
            fills = self.result.fills[self.result.fills["asset"] == asset]
            done = (fills["time"] + matched.interval_ms <= instant_ms) | ended
            fills = fills[done]
            instrument = self.instruments[asset]
            lots = [round(quantity / float(instrument.lot_size)) for quantity in fills["quantity"]]
            prices = [round(price / float(instrument.tick_size)) for price in fills["price"]]
            spent = sum(count * price for count, price in zip(lots, prices, strict=True))
            complete = matched.bars[0] + matched.interval_ms <= instant_ms
            newest = int(matched.bars[4, complete][-1]) if complete.any() else 0
            equity += (sum(lots) * newest - spent) * self.tick_lot(asset)
            equity -= sum(self.money(fee) for fee in fills["commission"])
        return equity


@settings(max_examples=60)
@given(PLANS, HOURS, SEEDS, SETTINGS)
def test_equity_is_cash_and_all_positions_at_their_newest_closes(
    plans: tuple[Plan, ...], hours: int, seed: int, under: EngineSettings
) -> None:
    books = Books(PairFuzz, series_of(plans, hours, seed), under, seed)
    main = books.series[0]
    last = main.stop - 1
    # what the end of the run closes is told by the newest bar of its asset, which may be an earlier one
    for bar in range(last if under.close_at_end else 0, main.stop):
        instant = int(main.bars[0, bar]) + main.interval_ms
        marked = books.balance(instant, ended=bar == last)
        assert books.curve["equity"][bar] == float(marked) / books.scale
    assert books.result.metrics.final_equity == books.curve["equity"][last]
    assert books.result.metrics.net_profit == (marked - books.money(under.initial_cash)) / books.scale


@settings(max_examples=60)
@given(PLANS, HOURS, SEEDS, SETTINGS)
def test_round_trips_and_flows_are_all_the_profit_there_is(
    plans: tuple[Plan, ...], hours: int, seed: int, under: EngineSettings
) -> None:
    books = Books(PairFuzz, series_of(plans, hours, seed), under, seed)
    metrics, trips = books.result.metrics, books.result.round_trips
    flows = sum(books.money(event.d["amount"]) for event in books.flows)
    earned = sum(books.money(profit) for profit in trips["profit"])
    assert earned + flows == books.money(metrics.net_profit)
    booked = [metrics.gross_profit, metrics.gross_loss, metrics.open_profit]
    assert sum(books.money(part) for part in booked) == earned
    assert sum(books.money(fee) for fee in trips["commission"]) == books.money(metrics.commissions)


@settings(max_examples=60)
@given(PLANS, HOURS, SEEDS, SETTINGS)
def test_the_fills_of_each_asset_add_up_to_what_is_held_and_none_is_at_a_price_that_no_bar_had(
    plans: tuple[Plan, ...], hours: int, seed: int, under: EngineSettings
) -> None:
    books = Books(PairFuzz, series_of(plans, hours, seed), under, seed)
    trips = books.result.round_trips
    for asset, (matched, instrument) in enumerate(zip(books.matched, books.instruments, strict=True)):
        fills = books.result.fills[books.result.fills["asset"] == asset]
        lot, tick = float(instrument.lot_size), float(instrument.tick_size)
        held = np.cumsum([round(quantity / lot) for quantity in fills["quantity"]])
        still = trips[(trips["asset"] == asset) & (trips["exit_time"] == OPEN)]
        opened = sum(round(trip["quantity"] * trip["side"] / lot) for trip in still)
        assert (held[-1] if len(held) else 0) == opened
        if under.account.type == "cash":
            assert (held >= 0).all()
        if under.close_at_end:
            assert opened == 0
        for fill in fills:
            at = int(np.searchsorted(matched.bars[0], fill["time"]))
            assert matched.bars[0, at] == fill["time"]
            _, _, high, low, _, _ = matched.bars[:, at].tolist()
            slack = under.slippage_ticks
            assert low - slack <= round(fill["price"] / tick) <= high + slack
