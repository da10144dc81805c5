"""What a strategy may not do before bars are delivered, and how that is told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from server.strategies import Bar, Strategy, int_window, window
from server.strategies.errors import StrategyError
from tests.trading import flat_bars, run, scripted

if TYPE_CHECKING:
    from server.engine.outcome import EngineResult


@pytest.mark.parametrize(
    "use",
    [
        lambda one: one.buy(1),
        lambda one: one.sell(1),
        lambda one: one.close(),
        lambda one: one.cancel(1),
        lambda one: one.cancel_all(),
        lambda one: one.equity,
        lambda one: one.cash,
        lambda one: one.open_orders,
        lambda one: one.position_of(0),
    ],
)
def test_there_is_no_trading_in_init(use: Callable[[Any], object]) -> None:
    class Probe(Strategy):
        def init(self) -> None:
            use(self)

        def on_bar(self, bar: Bar) -> None:
            return

    assert Probe().position == 0
    with pytest.raises(StrategyError, match="orders and positions exist while bars are delivered"):
        run(Probe, flat_bars(100, 101))


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (lambda one: one.buy(), "quantity"),
        (lambda one: one.buy(1, share=0.5), "share"),
        (lambda one: one.buy("all"), "could not convert"),
        (lambda one: one.buy(1, limit="low"), "could not convert"),
        (lambda one: one.buy(1, group=0.5), "integer"),
        (lambda one: one.position_of(1), "asset"),
        (lambda one: one.close(-1), "asset"),
        (lambda one: setattr(one, "position", 5), "position"),
    ],
)
def test_misuse_raises_and_names_what_is_wrong(use: Callable[[Any], object], told: str) -> None:
    with pytest.raises(StrategyError) as failure:
        run(scripted({1: use}), flat_bars(100, 101, 102))
    assert told in failure.value.message
    assert failure.value.bar == 1


@pytest.mark.parametrize(
    "order",
    [
        *({"quantity": quantity} for quantity in (float("nan"), float("inf"), 0, -1, 1e300, 10**400)),
        *({"share": share} for share in (float("nan"), 0, -0.5, 1.5)),
        {"quantity": 1, "asset": 1},
        {"quantity": 1, "asset": -1},
        *(
            {"quantity": 1, name: price}
            for name in ("limit", "stop", "stop_loss", "take_profit")
            for price in (float("nan"), float("inf"), -1e300, 10**400)
        ),
        {"quantity": 1, "time_in_force": 3},
        {"quantity": 1, "group": -1},
        {"quantity": 1, "group": 2**60},
    ],
)
def test_an_order_that_cannot_be_is_rejected_or_raises_and_never_traded(order: dict[str, Any]) -> None:
    told: list[object] = []
    result: EngineResult | None = None
    try:
        result = run(scripted({0: lambda one: told.append(one.buy(**order))}), flat_bars(100, 101, 102))
    except StrategyError as failure:
        told.append(failure.bar)
    assert told == [0]
    if result is not None:
        assert result.metrics.total_fills == 0
        assert result.rejected == 1


@pytest.mark.parametrize("make", [window, int_window])
@pytest.mark.parametrize("n", [0, -1])
def test_a_window_holds_at_least_one_number(make: Callable[[int], object], n: int) -> None:
    with pytest.raises(ValueError, match="at least one number"):
        make(n)
