"""Orders worked by hand, in both forms: how many lots an amount, a share or a risk comes to."""

from typing import Final

import pytest

from server.contract.requests import Commission
from server.engine.outcome import ORDER_STATUSES, EngineResult
from server.engine.series import Series
from server.engine.settings import EngineSettings
from tests.forms import both_forms
from tests.tape import Row, bar, filled, tape
from tests.trading import COIN, HOUR_MS, bars_of, flat_bars, settings

LOT: Final = 0.001
NO_RISK: Final = "the risk pays for no lot, or the stop loss is not beyond the entry"


def played(rows: list[Row], *prices: int, under: EngineSettings | None = None) -> EngineResult:
    """The same in both forms; flat bars at `prices` in ticks of a cent."""
    bars = flat_bars(*prices)
    return both_forms(tape(*rows), [Series(bars, 0, bars.shape[1], COIN, HOUR_MS)], {}, under or settings(cash=1_000))


def lots(result: EngineResult) -> list[int]:
    return [round(quantity / LOT) for quantity in result.fills["quantity"]]


# amount


@pytest.mark.parametrize(
    ("amount", "price", "bought"),
    [
        (200.0, 700, 28_571),  # 200 / 0.007 a lot = 28,571.4…
        (7.0, 700, 1_000),
        (6.999, 700, 999),
        (0.007, 700, 1),
    ],
)
def test_an_amount_buys_the_whole_lots_that_it_pays_for(amount: float, price: int, bought: int) -> None:
    assert lots(played([bar(0).buy(amount=amount)], price, price)) == [bought]


def test_an_amount_pays_for_commission_too() -> None:
    # a lot at 7.00 and 1 %: 0.00707, of which 200 pays 28,288.5…
    assert lots(played([bar(0).buy(amount=200)], 700, 700, under=settings(cash=1_000, rate=0.01))) == [28_288]
    flat = Commission(model="perOrder", value=10)
    assert lots(played([bar(0).buy(amount=200)], 700, 700, under=settings(cash=1_000, commission=flat))) == [27_142]
    least = Commission(model="rate", value=0.0, minimum=193.0)
    assert lots(played([bar(0).buy(amount=200)], 700, 700, under=settings(cash=1_000, commission=least))) == [1_000]


def test_an_amount_is_found_at_the_price_with_slippage() -> None:
    # 7.02 a unit: 200 / 0.00702 = 28,490.02…
    assert lots(played([bar(0).buy(amount=200)], 700, 700, under=settings(cash=1_000, slippage=2))) == [28_490]


def test_an_amount_is_found_where_its_limit_fills() -> None:
    assert lots(played([bar(0).buy(amount=200, limit=650)], 700, 700, 600)) == [33_333]


def test_an_amount_that_pays_for_no_lot_is_rejected() -> None:
    assert played([bar(0).buy(amount=0.006)], 700, 700).rejections == {"not enough cash": 1}


@pytest.mark.parametrize("amount", [0.0, -5.0, float("nan"), float("inf"), 1e12])
def test_what_is_no_amount_is_rejected(amount: float) -> None:
    rejections = played([bar(0).buy(amount=amount)], 700, 700).rejections
    assert rejections == {"the amount to spend is not above 0 or too large": 1}


def test_a_cash_account_spends_no_more_than_its_cash() -> None:
    assert lots(played([bar(0).buy(amount=5_000)], 700, 700)) == [142_857]


def test_an_amount_beyond_the_margin_is_rejected_whole() -> None:
    under = settings(cash=1_000, account="margin", leverage=2)
    assert lots(played([bar(0).buy(amount=2_000)], 1_000, 1_000, under=under)) == [200_000]
    rejected = played([bar(0).buy(amount=2_001)], 1_000, 1_000, under=under)
    assert rejected.rejections == {"not enough margin": 1}


def test_an_amount_is_sold_short_on_a_margin_account() -> None:
    under = settings(cash=1_000, account="margin")
    assert lots(played([bar(0).sell(amount=200)], 700, 700, under=under)) == [-28_571]


def test_a_cash_account_sells_an_amount_of_what_it_holds_though_its_cash_is_spent() -> None:
    rows = [bar(0).buy(share=1.0), bar(1).sell(amount=400), bar(2).sell(share=0.25)]
    # 1,000 all in at 10.00; 400 sold; then a quarter of 1,000
    assert lots(played(rows, 1_000, 1_000, 1_000, 1_000)) == [100_000, -40_000, -25_000]


# share


def test_a_share_of_a_margin_account_is_of_its_equity_not_its_cash() -> None:
    rows = [bar(0).sell(50), bar(2).buy(share=0.5)]
    under = settings(cash=1_000, account="margin")
    # 500 sold at 10.00 lose 100 at 12.00: half of 900 is 450, 37.5 units
    assert lots(played(rows, 1_000, 1_000, 1_200, 1_200, under=under)) == [-50_000, 37_500]


# risk


def test_a_risk_buys_what_loses_this_share_of_the_equity_at_the_stop() -> None:
    # 2 % of 1,000 is 20; 0.50 a unit lost between 10.00 and 9.50: 40 units
    result = played([bar(0).buy(risk=0.02, stop_loss=950)], 1_000, 1_000, 950)
    assert lots(result) == [40_000, -40_000]
    assert result.metrics.net_profit == -20.0


def test_a_risk_is_rounded_down_to_whole_lots() -> None:
    # 20 / 0.0003 a lot of 0.30 a unit = 66,666.6…
    assert lots(played([bar(0).buy(risk=0.02, stop_loss=970)], 1_000, 1_000)) == [66_666]


def test_the_slippage_of_the_entry_is_part_of_the_risk() -> None:
    # bought at 10.10: 0.60 a unit down to the stop; 20 / 0.6 = 33.333
    result = played([bar(0).buy(risk=0.02, stop_loss=950)], 1_000, 1_000, under=settings(cash=1_000, slippage=10))
    assert lots(result) == [33_333]


def test_commissions_come_on_top_of_the_risk() -> None:
    result = played([bar(0).buy(risk=0.02, stop_loss=950)], 1_000, 1_000, 950, under=settings(cash=1_000, rate=0.01))
    assert lots(result) == [40_000, -40_000]
    assert result.metrics.net_profit == pytest.approx(-20 - 4 - 3.8)


def test_a_risk_is_measured_where_a_gap_fills_the_entry() -> None:
    assert lots(played([bar(0).buy(risk=0.02, stop_loss=950)], 1_000, 960)) == [104_166]  # all of the cash
    assert lots(played([bar(0).buy(risk=0.002, stop_loss=950)], 1_000, 960)) == [20_000]  # 2 / 0.10


def test_a_risk_spends_no_more_than_the_cash() -> None:
    # 20 / 0.01 a unit would be 2,000 units, 20,000 of money
    assert lots(played([bar(0).buy(risk=0.02, stop_loss=999)], 1_000, 1_000)) == [100_000]
    under = settings(cash=1_000, rate=0.01)
    assert lots(played([bar(0).buy(risk=0.02, stop_loss=999)], 1_000, 1_000, under=under)) == [99_009]


def test_a_risk_holds_no_more_than_the_margin() -> None:
    under = settings(cash=1_000, account="margin", leverage=3)
    assert lots(played([bar(0).buy(risk=0.02, stop_loss=999)], 1_000, 1_000, under=under)) == [300_000]


def test_a_short_sale_at_risk_has_its_stop_above() -> None:
    under = settings(cash=1_000, account="margin")
    result = played([bar(0).sell(risk=0.02, stop_loss=1_050)], 1_000, 1_000, 1_050, under=under)
    assert lots(result) == [-40_000, 40_000]
    assert result.metrics.net_profit == -20.0


@pytest.mark.parametrize(
    "row",
    [
        bar(0).buy(risk=0.02, stop_loss=1_001),  # on the wrong side
        bar(0).buy(risk=0.02, stop_loss=1_000),  # at the entry
        bar(0).sell(risk=0.02, stop_loss=999),
        bar(0).buy(risk=1e-9, stop_loss=1),  # pays for no lot
        bar(0).buy(risk=0.02, stop_loss=-(2**52)),  # a distance that is worth more than money has room for
    ],
)
def test_a_risk_that_comes_to_nothing_is_rejected_when_it_would_fill(row: Row) -> None:
    result = played([row], 1_000, 1_000, under=settings(cash=1_000, account="margin"))
    assert result.rejections == {NO_RISK: 1}
    assert [ORDER_STATUSES[status] for status in result.orders["status"]] == ["Rejected", "Cancelled"]


@pytest.mark.parametrize(
    "row",
    [
        bar(0).buy(risk=0.02),
        bar(0).buy(risk=0.0, stop_loss=950),
        bar(0).buy(risk=1.01, stop_loss=950),
        bar(0).buy(risk=float("nan"), stop_loss=950),
    ],
)
def test_what_is_no_risk_is_rejected_at_once(row: Row) -> None:
    result = played([row], 1_000, 1_000)
    assert result.rejections == {"the risk is not above 0 and at most 1, or there is no stop_loss to measure it by": 1}
    assert len(result.orders) == 1


def test_a_risk_is_measured_by_the_stop_as_it_was_moved() -> None:
    rows = [bar(0).buy(risk=0.02, stop_loss=950), bar(0).move_stop(1, 900)]
    assert lots(played(rows, 1_000, 1_000)) == [20_000]


def test_a_risk_counts_the_equity_at_the_fill() -> None:
    rows = [bar(0).buy(50), bar(2).buy(risk=0.02, stop_loss=1_150)]
    # 50 units have gained 100: 2 % of 1,100 is 22, 0.50 a unit; of the cash of 500 41.666 can be bought
    under = settings(cash=1_000, account="margin", leverage=2)
    assert lots(played(rows, 1_000, 1_000, 1_200, 1_200, under=under)) == [50_000, 44_000]
    assert lots(played(rows, 1_000, 1_000, 1_200, 1_200)) == [50_000, 41_666]


# large positions


def test_positions_whose_product_leaves_64_bits_are_closed_and_flipped() -> None:
    """40 units of 10⁸ lots each: 4 × 10⁹ lots held and sold, whose product is 1.6 × 10¹⁹."""
    coin = type(COIN)(
        asset_name="BTC", exchange="Test", tick_size=COIN.tick_size, lot_size=COIN.lot_size / 100_000, quote="USD"
    )
    bars = bars_of([(100, 100, 100, 100)] * 8)
    rows = [bar(0).buy(40), bar(1).close(), bar(2).sell(40), bar(3).buy(80), bar(4).sell(80), filled(5).close()]
    under = settings(cash=1_000, account="margin")
    result = both_forms(tape(*rows), [Series(bars, 0, 8, coin, HOUR_MS)], {}, under)
    assert result.fills["quantity"].tolist() == [40, -40, -40, 80, -80, 40]
    assert result.round_trips["side"].tolist() == [1, -1, 1, -1]
    assert result.metrics.total_trades == 4
