"""What the events of a run tell beyond single orders: groups, brackets, risk."""

from collections.abc import Callable, Mapping

from server.contract.requests import Account, Commission
from server.engine.events import Event, Recorder
from server.engine.settings import EngineSettings
from server.strategies import Strategy
from tests.trading import bars_of, flat_bars, run, scripted, settings

QUIET = (100, 101, 99, 100)
Candle = tuple[int, int, int, int]
Step = Callable[[Strategy], object]


def told(steps: Mapping[int, Step], *candles: Candle, under: EngineSettings | None = None) -> list[Event]:
    """The events of a run over a quiet bar 0 and the candles, on a margin account unless told."""
    recorder = Recorder()
    run(scripted(steps), bars_of([QUIET, *candles]), under=under or settings(account="margin"), listeners=[recorder])
    return recorder.events


def changes(events: list[Event]) -> list[tuple[str, str, int]]:
    """Group, transition and the order that made it, of each `grp`."""
    return [(e.d["groupId"], e.d["transition"], e.d["orderId"]) for e in events if e.type == "grp"]


def breakout(strategy: Strategy) -> None:
    """Buys above or sells below, whichever comes first."""
    strategy.buy(1, stop=105, group=7)
    strategy.sell(1, stop=95, group=7)


def test_a_group_ends_when_its_first_fill_has_cancelled_the_others() -> None:
    events = told({0: breakout}, QUIET, (100, 106, 100, 100))
    assert changes(events) == [("oco:7", "opened", 1), ("oco:7", "triggered", 1), ("oco:7", "ended", 2)]
    kinds = [event.type for event in events if event.type not in ("bar", "pos")]
    assert kinds[1:-1] == ["ord.place", "grp", "ord.place", "ord.fill", "grp", "ord.cancel", "grp"]


def test_a_group_that_is_cancelled_ends_without_a_fill() -> None:
    events = told({0: breakout, 1: lambda s: s.cancel_all()}, QUIET, QUIET)
    assert changes(events) == [("oco:7", "opened", 1), ("oco:7", "ended", 2)]


def test_the_number_of_a_group_that_has_ended_may_be_used_again() -> None:
    events = told({0: breakout, 2: breakout}, (100, 106, 100, 100), QUIET, QUIET)
    assert [transition for _, transition, _ in changes(events)] == ["opened", "triggered", "ended", "opened"]


def test_a_bracket_is_held_until_its_entry_fills_and_ends_with_its_last_order() -> None:
    events = told({0: lambda s: s.buy(1, stop_loss=90, take_profit=110)}, QUIET, (100, 110, 99, 105))
    assert changes(events) == [
        ("bracket:1", "held", 2),
        ("bracket:1", "active", 1),
        ("bracket:1", "takeProfit", 3),
        ("bracket:1", "ended", 2),
    ]


def test_a_bracket_whose_entry_never_fills_is_never_active() -> None:
    entry: Step = lambda s: s.buy(1, limit=50, stop_loss=40)  # noqa: E731  # reads as a table row
    events = told({0: entry, 1: lambda s: s.cancel_all()}, QUIET, QUIET)
    assert changes(events) == [("bracket:1", "held", 2), ("bracket:1", "ended", 2)]


def test_a_bracket_of_an_order_that_only_closes_is_never_active() -> None:
    steps: dict[int, Step] = {0: lambda s: s.buy(1), 1: lambda s: s.sell(1, stop_loss=120)}
    events = told(steps, QUIET, QUIET)
    assert changes(events) == [("bracket:2", "held", 3), ("bracket:2", "ended", 3)]


def test_an_order_of_a_group_may_have_a_bracket() -> None:
    events = told({0: lambda s: s.buy(1, stop=105, group=3, stop_loss=90)}, (100, 106, 100, 100), (100, 100, 90, 90))
    assert changes(events) == [
        ("oco:3", "opened", 1),
        ("bracket:1", "held", 2),
        ("bracket:1", "active", 1),
        ("oco:3", "triggered", 1),
        ("oco:3", "ended", 1),
        ("bracket:1", "stopLoss", 2),
        ("bracket:1", "ended", 2),
    ]


def test_a_bracket_that_moves_tells_its_new_price() -> None:
    steps: dict[int, Step] = {
        0: lambda s: s.buy(1, stop_loss=90, take_profit=120),
        1: lambda s: (s.move_stop(1, 95), s.move_target(1, 115)),
    }
    events = told(steps, QUIET, QUIET, (100, 100, 95, 95))
    moved = [event.d for event in events if event.d.get("transition") == "moved"]
    bracket = {"assetName": "COIN", "groupId": "bracket:1", "transition": "moved"}
    assert moved == [bracket | {"orderId": 2, "stopPrice": 0.95}, bracket | {"orderId": 3, "limitPrice": 1.15}]
    assert [event.d["orderId"] for event in events if event.type == "ord.place"] == [1, 2, 3]
    assert changes(events)[-2:] == [("bracket:1", "stopLoss", 2), ("bracket:1", "ended", 3)]


def test_a_target_belongs_to_the_entry_that_it_is_added_to() -> None:
    def enters(strategy: Strategy) -> None:
        first = strategy.buy(1, stop_loss=80)
        strategy.buy(1, stop_loss=90)
        strategy.add_target(first, 120, share=0.5)

    events = told({0: enters}, QUIET)
    assert [(e.d["orderId"], e.d.get("quantity")) for e in events if e.type == "ord.place"][-1] == (5, None)
    ended = told({0: enters}, QUIET, (100, 121, 100, 100), (100, 100, 70, 70))
    assert [group for group, transition, order in changes(ended) if order == 5] == ["bracket:1"]


def test_a_liquidation_is_told_as_a_risk_before_its_fill() -> None:
    under = EngineSettings(
        initial_cash=100.0,
        commission=Commission(model="rate", value=0.0),
        account=Account(type="margin", leverage=10.0, maintenance_rate=0.1),
    )
    events = told({0: lambda s: s.buy(500)}, (100, 100, 100, 100), (100, 100, 80, 80), under=under)
    (risk,) = [event for event in events if event.type == "risk"]
    following = events[risk.sq]
    assert (risk.d["reason"], following.type) == ("liquidation", "ord.fill")
    assert risk.d == following.d | {"reason": "liquidation"}


def test_a_rejection_for_want_of_margin_is_a_risk_and_one_for_want_of_cash_is_none() -> None:
    margin = told({0: lambda s: s.buy(500)}, QUIET, under=settings(cash=100, account="margin"))
    assert [(e.type, e.d["reason"]) for e in margin if e.type in ("ord.reject", "risk")] == [
        ("ord.reject", "not enough margin"),
        ("risk", "not enough margin"),
    ]
    cash = told({0: lambda s: s.buy(500)}, QUIET, under=settings(cash=100))
    assert "ord.reject" in {event.type for event in cash}
    assert "risk" not in {event.type for event in cash}


def test_groups_are_followed_from_block_to_block() -> None:
    recorder = Recorder()
    bars = flat_bars(*[100] * 20_000)
    late: Step = lambda s: s.buy(1, stop_loss=90)  # noqa: E731  # reads as a table row
    run(scripted({10: late, 19_000: lambda s: s.close()}), bars, listeners=[recorder])
    assert [transition for _, transition, _ in changes(recorder.events)] == ["held", "active", "ended"]
