"""The spread of two assets on bars that are worked by hand, in both forms."""

from decimal import Decimal
from typing import Final

import numpy as np
import pytest

from server.contract.base import ParamValue
from server.data.instrument import Instrument
from server.engine.outcome import EngineResult
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies.shipped.pair_spread import PairSpread
from server.strategies.strategy import parameters_of
from tests.forms import both_forms
from tests.trading import COIN, EURUSD, HOUR_MS, Bars, flat_bars, settings, walk

OTHER: Final = Instrument(
    asset_name="OTHER", exchange="Test", tick_size=COIN.tick_size, lot_size=COIN.lot_size, quote="USD"
)
POUND: Final = Instrument(
    asset_name="GBPUSD", exchange="Test", tick_size=EURUSD.tick_size, lot_size=Decimal(1), quote="USD"
)
MARGIN: Final = settings(account="margin", leverage=2)
DIFFERENCES: Final = (0, 2, 0, 2, 0, 10, 6, 4, 3, 3)
"""Of four each, from the second bar on: at bar 5 of 0, 2, 0, 10 the mean is 3, the deviation 4.12, and 10 is 1.70 of
them away; at bar 6 of 2, 0, 10, 6 they are 4.5, 3.84, and 6 is 0.39 away; at bar 7 the mean is 5, and 4 is below it."""
PARAMETERS: Final[dict[str, ParamValue]] = {"period": 4, "entry": 1.6, "exit": 0.2}


def one(instrument: Instrument, bars: Bars) -> Series:
    return Series(bars, 0, bars.shape[1], instrument, HOUR_MS)


def played(first: list[int], second: list[int], under: EngineSettings = MARGIN, **changed: ParamValue) -> EngineResult:
    of = [one(COIN, flat_bars(*first)), one(OTHER, flat_bars(*second))]
    return both_forms(PairSpread, of, {**PARAMETERS, **changed}, under)


def fills(result: EngineResult) -> list[tuple[int, int, int, float]]:
    """Bar, asset, price in ticks and units of each fill."""
    return [(int(f["bar"]), int(f["asset"]), round(f["price"] * 100), float(f["quantity"])) for f in result.fills]


RICH: Final = [100 + difference for difference in DIFFERENCES]
FLAT: Final = [100] * len(DIFFERENCES)


def test_the_rich_first_asset_is_sold_and_the_second_bought_until_they_are_back() -> None:
    result = played(RICH, FLAT)
    assert fills(result) == [(6, 0, 106, -1), (6, 1, 100, 1), (8, 0, 103, 1), (8, 1, 100, -1)]
    assert result.metrics.net_profit == pytest.approx(0.03)


def test_the_cheap_first_asset_is_bought_and_the_second_sold() -> None:
    result = played([200 - price for price in RICH], FLAT)
    assert fills(result) == [(6, 0, 94, 1), (6, 1, 100, -1), (8, 0, 97, -1), (8, 1, 100, 1)]
    assert result.metrics.net_profit == pytest.approx(0.03)


def test_a_second_asset_that_falls_makes_the_first_one_rich() -> None:
    result = played(FLAT, [200 - price for price in RICH])
    assert fills(result) == [(6, 0, 100, -1), (6, 1, 94, 1), (8, 0, 100, 1), (8, 1, 97, -1)]


def test_what_moves_with_the_second_asset_is_no_difference() -> None:
    moving = [100, 110, 130, 90, 80, 120, 300, 50, 70, 90]
    shifted = [price + other - 100 for price, other in zip(RICH, moving, strict=True)]
    assert [fill[:2] for fill in fills(played(shifted, moving))] == [(6, 0), (6, 1), (8, 0), (8, 1)]
    assert fills(played(moving, moving)) == []


def test_the_second_asset_is_weighed_by_its_ratio() -> None:
    half = [40, 60, 50, 45, 55, 50, 61, 50, 50, 50]
    first = [2 * price + difference for price, difference in zip(half, DIFFERENCES, strict=True)]
    result = played(first, half, ratio=2.0, quantity=3, secondQuantity=6)
    assert [(fill[0], fill[1], fill[3]) for fill in fills(result)] == [(6, 0, -3), (6, 1, 6), (8, 0, 3), (8, 1, -6)]


def test_it_leaves_within_the_deviations_that_it_is_told() -> None:
    # at bar 6 it is 0.39 deviations away
    assert [fill[0] for fill in fills(played(RICH, FLAT, exit=0.4))] == [6, 6, 7, 7]
    assert fills(played(RICH, FLAT, entry=1.7)) == []  # 1.698


def test_prices_that_stand_still_are_not_traded() -> None:
    assert fills(played(FLAT, FLAT)) == []


def test_with_one_subscription_it_never_trades() -> None:
    bars = walk(2_000)
    assert len(both_forms(PairSpread, [one(EURUSD, bars)], {}, MARGIN).orders) == 0


def test_with_two_series_of_one_asset_it_never_trades() -> None:
    bars = walk(2_000)
    longer = Series(np.ascontiguousarray(bars[:, ::4]), 0, 500, EURUSD, 4 * HOUR_MS)
    assert len(both_forms(PairSpread, [one(EURUSD, bars), longer], {}, MARGIN).orders) == 0


def test_a_quantity_of_the_second_asset_that_cannot_be_ordered_leaves_no_leg_alone() -> None:
    result = played(RICH, FLAT, secondQuantity=0.0005)
    assert fills(result) == []
    assert set(result.rejections) == {"the quantity is not a whole number of lots"}


def test_a_leg_that_is_rejected_when_it_would_fill_ends_the_other_one() -> None:
    # a cash account does not sell short: the second asset is bought alone, and sold at the next open
    result = played(RICH, FLAT, under=settings())
    assert fills(result)[:2] == [(6, 1, 100, 1), (7, 1, 100, -1)]
    assert "a cash account cannot sell what it does not hold" in result.rejections


def test_a_leg_that_waits_for_its_asset_s_next_bar_is_waited_for() -> None:
    second = flat_bars(*FLAT)
    gappy = one(OTHER, np.ascontiguousarray(np.delete(second, (6, 7), axis=1)))
    result = both_forms(PairSpread, [one(COIN, flat_bars(*RICH, 100)), gappy], PARAMETERS, MARGIN)
    told = [(int(f["time"] - second[0, 0]) // HOUR_MS, int(f["asset"]), float(f["quantity"])) for f in result.fills]
    # the second leg fills in bar 8, after whose close both are closed
    assert told == [(6, 0, -1), (8, 1, 1), (9, 0, 1), (9, 1, -1)]


@pytest.mark.parametrize("end", ["min", "max"])
def test_it_runs_at_the_ends_of_its_parameters(end: str) -> None:
    parameters = {info.name: getattr(info, end) for info in parameters_of(PairSpread).values()}
    of = [one(EURUSD, walk(3_000)), one(POUND, walk(3_000, seed=8))]
    result = both_forms(PairSpread, of, {**parameters, "quantity": 100, "secondQuantity": 100}, MARGIN)
    assert result.bars == 6_000


def test_it_trades_two_random_walks_and_holds_both_legs_or_none() -> None:
    of = [one(EURUSD, walk(4_000)), one(POUND, walk(4_000, seed=8))]
    result = both_forms(PairSpread, of, {"quantity": 1_000, "secondQuantity": 500}, MARGIN)
    assert result.rejected == 0
    assert len(result.fills) > 100
    held = [np.cumsum(np.where(result.fills["asset"] == asset, result.fills["quantity"], 0)) for asset in (0, 1)]
    assert set(zip(held[0][1::2].tolist(), held[1][1::2].tolist(), strict=True)) == {
        (0.0, 0.0),
        (1_000.0, -500.0),
        (-1_000.0, 500.0),
    }
