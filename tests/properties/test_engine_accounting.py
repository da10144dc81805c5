"""Whatever a strategy does: the books balance, and the future changes nothing of the past."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from server.contract.requests import Commission
from server.engine.outcome import EngineResult
from server.engine.settings import EngineSettings
from server.engine.tables import EQUITY_DTYPE, OPEN
from server.strategies import Strategy
from tests import trading
from tests.trading import COIN, Bars

Action = tuple[Literal["buy", "sell", "share", "short", "close", "cancel"], float]
Script = dict[int, list[Action]]
_MONEY = COIN.money_per_unit
_BARS = 60

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
series = st.lists(candles, min_size=2, max_size=_BARS).map(trading.bars_of)
quantities = st.integers(1, 3_000_000).map(lambda lots: lots / 1000)
actions: st.SearchStrategy[Action] = st.one_of(
    st.tuples(st.sampled_from(["buy", "sell"]), quantities),
    st.tuples(st.sampled_from(["share", "short"]), st.floats(0.01, 1.0)),
    st.tuples(st.sampled_from(["close", "cancel"]), st.just(0.0)),
)
scripts = st.dictionaries(st.integers(0, _BARS), st.lists(actions, min_size=1, max_size=3), max_size=25)
commissions = st.builds(
    Commission,
    model=st.sampled_from(["rate", "perOrder", "perUnit"]),
    value=st.integers(0, 20_000).map(lambda parts: parts / 1_000_000),
    minimum=st.sampled_from([0.0, 0.01, 0.5]),
)
accounts = st.builds(
    lambda commission, account, slippage, close: trading.settings(
        commission=commission, account=account, slippage=slippage, close_at_end=close
    ),
    commissions,
    st.sampled_from(["cash", "margin"]),
    st.integers(0, 5),
    st.booleans(),
)


def act(strategy: Strategy, action: Action) -> None:
    match action:
        case "buy", quantity:
            strategy.buy(quantity)
        case "sell", quantity:
            strategy.sell(quantity)
        case "share", share:
            strategy.buy(share=share)
        case "short", share:
            strategy.sell(share=share)
        case "close", _:
            strategy.close()
        case _:
            strategy.cancel_all()


def follows(script: Script) -> type[Strategy]:
    """A strategy that acts at closes, and at every third open."""

    def acting(actions: list[Action]) -> Callable[[Strategy], object]:
        def step(strategy: Strategy) -> None:
            for action in actions:
                act(strategy, action)

        return step

    steps: Mapping[int, Callable[[Strategy], object]] = {bar: acting(actions) for bar, actions in script.items()}
    return trading.scripted(
        {bar: step for bar, step in steps.items() if bar % 3}, on_open={b: s for b, s in steps.items() if b % 3 == 0}
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


@given(scripts, series, accounts, st.integers(1, _BARS))
def test_the_future_changes_nothing_of_the_past(script: Script, bars: Bars, under: EngineSettings, known: int) -> None:
    known = min(known, bars.shape[1])
    # closing at the end is the one thing that depends on where the end is
    under = trading.settings(
        commission=under.commission, account=under.account.type, slippage=under.slippage_ticks, close_at_end=False
    )
    result, curve = played(script, bars, under)
    past, past_curve = played(script, np.ascontiguousarray(bars[:, :known]), under)
    before = result.fills[result.fills["bar"] < known]
    assert past.fills.tolist() == before.tolist()
    assert past_curve.tolist() == curve[:known].tolist()


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
    script: Script = {bar: [("buy", 0.01) if bar % 2 else ("close", 0.0)] for bar in range(0, 3_000, 5)}
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
