"""Whatever a strategy does: the books balance, and the future changes nothing of the past."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Literal

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET

from server.contract.requests import Account, Commission
from server.engine.kernel.records import KIND_NAMES
from server.engine.outcome import FILL_DTYPE, EngineResult
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, OPEN
from server.strategies import DAY, GTC, IOC, Fill, Open, Strategy
from tests import trading
from tests.trading import COIN, Bars

Action = tuple[Literal["buy", "sell", "share", "short", "close", "cancel", "cancel one"], float, dict[str, Any]]
Script = dict[int, list[Action]]
"""What is done at a bar; under a key of -n, when the order n fills."""
_MONEY = COIN.money_per_unit
_BARS = 60
_DECIDED = ("id", "submitted_at", "side", "kind", "limit", "stop")
"""What of an order is known when it is placed."""

candles = st.tuples(
    st.integers(500, 2_000), st.integers(0, 300), st.integers(0, 300), st.floats(0, 1), st.floats(0, 1)
).map(
    lambda c: (
        c[0] - c[2] + round((c[1] + c[2]) * c[3]),
        c[0] + c[1],
        c[0] - c[2],
        c[0] - c[2] + round((c[1] + c[2]) * c[4]),
    )
)
series = st.lists(candles, min_size=20, max_size=_BARS).map(trading.bars_of)
quantities = st.one_of(st.integers(1, 3_000_000), st.integers(1, 20_000_000)).map(lambda lots: lots / 1000)
prices = st.integers(1_200, 9_200).map(lambda quarters: quarters / 4)
kinds: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "limit": prices,
        "stop": prices,
        "stop_loss": prices,
        "take_profit": prices,
        "time_in_force": st.sampled_from([GTC, DAY, IOC]),
        "group": st.integers(0, 2),
    },
)
actions: st.SearchStrategy[Action] = st.one_of(
    st.tuples(st.sampled_from(["buy", "sell"]), quantities, kinds),
    st.tuples(st.sampled_from(["share", "short"]), st.floats(0.01, 1.0), kinds),
    st.tuples(st.sampled_from(["close", "cancel"]), st.just(0.0), st.just({})),
    st.tuples(st.just("cancel one"), st.integers(1, 40).map(float), st.just({})),
)
scripts = st.dictionaries(st.integers(-30, _BARS), st.lists(actions, min_size=1, max_size=3), max_size=30)
commissions = st.builds(
    Commission,
    model=st.sampled_from(["rate", "perOrder", "perUnit"]),
    value=st.integers(0, 20_000).map(lambda parts: parts / 1_000_000),
    minimum=st.sampled_from([0.0, 0.01, 0.5]),
)
accounts = st.builds(
    EngineSettings,
    initial_cash=st.just(10_000.0),
    commission=commissions,
    account=st.one_of(
        st.just(Account(type="cash")),
        st.just(Account(type="margin")),
        st.builds(
            Account,
            type=st.just("margin"),
            leverage=st.sampled_from([1.0, 3.0, 20.0]),
            maintenance_rate=st.sampled_from([0.0, 0.03, 0.25]),
        ),
    ),
    slippage_ticks=st.integers(0, 5),
    close_at_end=st.booleans(),
)


def act(strategy: Strategy, action: Action) -> None:
    match action:
        case "buy", quantity, kind:
            strategy.buy(quantity, **kind)
        case "sell", quantity, kind:
            strategy.sell(quantity, **kind)
        case "share", share, kind:
            strategy.buy(share=share, **kind)
        case "short", share, kind:
            strategy.sell(share=share, **kind)
        case "close", *_:
            strategy.close()
        case "cancel one", order, _:
            strategy.cancel(int(order))
        case _:
            strategy.cancel_all()


def follows(script: Script) -> type[Strategy]:
    """A strategy that acts at closes, at every third open, and when orders fill."""

    def acting(actions: list[Action]) -> Callable[[Strategy], object]:
        def step(strategy: Strategy) -> None:
            for action in actions:
                act(strategy, action)

        return step

    steps: Mapping[int, Callable[[Strategy], object]] = {bar: acting(actions) for bar, actions in script.items()}

    def on_fill(strategy: Strategy, fill: Fill) -> None:
        if -fill.order in steps:
            steps[-fill.order](strategy)

    return trading.scripted(
        {bar: step for bar, step in steps.items() if bar % 3},
        on_open={b: s for b, s in steps.items() if b % 3 == 0},
        on_fill=on_fill,
    )


def played(script: Script, bars: Bars, under: EngineSettings) -> tuple[EngineResult, Any]:
    curve = np.zeros(bars.shape[1], dtype=EQUITY_DTYPE)
    return trading.run(follows(script), bars, under=under, equity_out=curve), curve


def whole(amounts: Any, per_unit: int) -> list[int]:
    """Numbers of quote currency or units as the whole numbers that they stand for."""
    return [round(Fraction(float(amount)) * per_unit) for amount in amounts]


@given(scripts, series, accounts)
def test_equity_is_cash_and_the_position_s_value_at_every_close(
    script: Script, bars: Bars, under: EngineSettings
) -> None:
    result, curve = played(script, bars, under)
    lots, prices = whole(result.fills["quantity"], 1000), whole(result.fills["price"], 100)
    fees = whole(result.fills["commission"], _MONEY)
    tick_lot = COIN.money_per_tick_lot
    cash, held, at = 10_000 * _MONEY, 0, 0
    for bar in range(bars.shape[1]):
        while at < len(lots) and result.fills["bar"][at] == bar:
            cash -= lots[at] * prices[at] * tick_lot + fees[at]
            held += lots[at]
            at += 1
        assert curve["equity"][bar] == (cash + held * int(bars[4, bar]) * tick_lot) / _MONEY
    assert at == len(lots)
    assert result.metrics.final_equity == curve["equity"][-1]


@given(scripts, series, accounts)
def test_net_profit_is_the_sum_of_the_round_trips(script: Script, bars: Bars, under: EngineSettings) -> None:
    result, _ = played(script, bars, under)
    trips = whole(result.round_trips["profit"], _MONEY)
    metrics = result.metrics
    assert sum(trips) == whole([metrics.net_profit], _MONEY)[0]
    booked = whole([metrics.gross_profit, metrics.gross_loss, metrics.open_profit], _MONEY)
    assert sum(booked) == sum(trips)
    assert sum(whole(result.round_trips["commission"], _MONEY)) == whole([metrics.commissions], _MONEY)[0]
    assert np.count_nonzero(result.round_trips["exit_time"] == OPEN) <= 1


@given(scripts, series, accounts)
def test_closed_round_trips_close_every_lot_that_was_opened(script: Script, bars: Bars, under: EngineSettings) -> None:
    result, _ = played(script, bars, under)
    trips = result.round_trips
    entered = whole(trips["quantity"] * trips["side"], 1000)
    still_open = [lots for lots, trip in zip(entered, trips, strict=True) if trip["exit_time"] == OPEN]
    assert sum(whole(result.fills["quantity"], 1000)) == sum(still_open)
    if under.close_at_end:
        assert still_open == []


@given(scripts, series, accounts)
def test_a_cash_account_is_never_short(script: Script, bars: Bars, under: EngineSettings) -> None:
    result, _ = played(script, bars, under)
    if under.account.type == "cash":
        assert (np.cumsum(whole(result.fills["quantity"], 1000)) >= 0).all()
        assert (result.round_trips["side"] == 1).all()


@given(scripts, series, accounts)
def test_every_order_ends_in_exactly_one_way(script: Script, bars: Bars, under: EngineSettings) -> None:
    result, _ = played(script, bars, under)
    assert result.orders["id"].tolist() == list(range(1, len(result.orders) + 1))
    assert np.count_nonzero(result.orders["status"] == 1) == len(result.fills) == result.metrics.total_fills
    assert np.count_nonzero(result.orders["status"] == 3) == result.rejected == sum(result.rejections.values())
    assert len(set(result.fills["order"].tolist())) == len(result.fills)


@given(scripts, series, accounts)
def test_every_order_fills_at_a_price_that_the_bar_had_and_the_order_allows(
    script: Script, bars: Bars, under: EngineSettings
) -> None:
    result, _ = played(script, bars, under)
    end = bars.shape[1] - 1
    for fill in result.fills:
        order = result.orders[fill["order"] - 1]
        side = int(order["side"])
        kind = KIND_NAMES[order["kind"]]
        assert np.sign(fill["quantity"]) == side
        price = round(float(fill["price"]) * 100)
        if kind in ("market", "stop"):
            price -= side * under.slippage_ticks
        _, _, high, low, close, _ = bars[:, fill["bar"]].tolist()
        assert low <= price <= high or (fill["bar"] == end and price == close)
        if kind in ("limit", "stopLimit"):
            assert side * price <= side * round(float(order["limit"]) * 100)
        if kind == "stop":
            assert side * price >= side * round(float(order["stop"]) * 100)


@given(scripts, series, accounts)
def test_a_bar_that_is_looked_at_in_vain_changes_nothing(script: Script, bars: Bars, under: EngineSettings) -> None:
    class Restless(follows(script)):  # type: ignore[misc]  # a class that is made for each script
        def on_open(self, bar: Open) -> None:
            super().on_open(bar)
            self._desk.book.assets[0].wake_low = 2**62
            self._desk.book.account.watch = 1

    asleep, _ = played(script, bars, under)
    awake = trading.run(Restless, bars, under=under)
    assert awake.metrics == asleep.metrics
    assert awake.orders.tobytes() == asleep.orders.tobytes()
    assert awake.fills.tobytes() == asleep.fills.tobytes()


@given(scripts, series, accounts)
def test_a_position_above_its_maintenance_margin_is_all_that_is_left_at_a_close(
    script: Script, bars: Bars, under: EngineSettings
) -> None:
    result, curve = played(script, bars, under)
    rate = under.account.maintenance_rate
    if rate is UNSET:
        return
    held = np.zeros(bars.shape[1])
    np.add.at(held, result.fills["bar"], result.fills["quantity"])
    value = np.abs(np.round(np.cumsum(held), 6)) * bars[4] / 100
    # what a liquidation leaves behind may be less than nothing: its tick, slippage and commission come on top
    assert (curve["equity"] >= rate * value - 1e-6)[value > 0].all()


@given(scripts, series, series, accounts, st.integers(1, _BARS))
def test_the_future_changes_nothing_of_the_past(
    script: Script, bars: Bars, other: Bars, under: EngineSettings, known: int
) -> None:
    known = min(known, bars.shape[1])
    # closing at the end is the one thing that depends on where the end is
    under = msgspec.structs.replace(under, close_at_end=False)
    result, curve = played(script, bars, under)
    until = int(bars[0, known - 1])
    for tail in (bars[:, :0], other):
        times = until + trading.HOUR_MS * np.arange(1, tail.shape[1] + 1)
        future = np.hstack((bars[:, :known], np.vstack((times, tail[1:]))))
        changed, changed_curve = played(script, np.ascontiguousarray(future), under)
        for table, when in (("fills", "time"), ("orders", "submitted_at")):
            before, after = (getattr(one, table) for one in (result, changed))
            before, after = before[before[when] <= until], after[after[when] <= until]
            for field in _DECIDED if table == "orders" else FILL_DTYPE.names or ():
                assert before[field].tobytes() == after[field].tobytes(), field
        assert changed_curve[:known].tolist() == curve[:known].tolist()


@given(scripts, series, accounts)
def test_the_same_run_gives_the_same_bytes(script: Script, bars: Bars, under: EngineSettings) -> None:
    (first, first_curve), (second, second_curve) = played(script, bars, under), played(script, bars, under)
    assert first.metrics == second.metrics
    assert first_curve.tobytes() == second_curve.tobytes()
    for table in ("round_trips", "fills", "orders"):
        assert getattr(first, table).tobytes() == getattr(second, table).tobytes()


@given(series)
@settings(max_examples=25)
def test_progress_counts_every_bar_once(bars: Bars) -> None:
    progress = trading.Counter()
    trading.run(trading.scripted(), bars, progress=progress)
    steps = np.diff([0, *(bars_done for bars_done, _, _ in progress.told)])
    assert (steps > 0).all()
    assert steps.sum() == bars.shape[1]


@given(st.integers(1, 400), st.integers(0, 3))
@settings(max_examples=25)
def test_a_cancelled_run_stops_with_books_that_balance(after: int, seed: int) -> None:
    bars = trading.walk(3_000, seed=seed, start=12_000, step=90)
    script: Script = {bar: [("buy", 0.01, {}) if bar % 2 else ("close", 0.0, {})] for bar in range(0, 3_000, 5)}
    curve = np.zeros(3_000, dtype=EQUITY_DTYPE)
    progress = trading.Counter(cancel_after=after)
    result = trading.run(follows(script), bars, progress=progress, equity_out=curve)
    done = result.bars
    assert after <= done
    assert result.status == ("cancelled" if done < 3_000 else "finished")
    assert progress.told[-1][0] == done
    assert result.metrics.final_equity == curve["equity"][done - 1]
    assert (curve["ts"][done:] == 0).all()
    assert sum(whole(result.round_trips["profit"], _MONEY)) == whole([result.metrics.net_profit], _MONEY)[0]
