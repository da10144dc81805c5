"""Money as whole numbers, and the refusal of what would not fit."""

from decimal import Decimal

import pytest

from server.contract.problems import InvalidRequest
from server.contract.requests import Commission
from server.data.instrument import Instrument
from server.engine.kernel import commission_of, scaled
from server.engine.money import check_money, terms_of
from server.engine.settings import EngineSettings
from tests.trading import COIN, settings


def test_settings_become_whole_numbers_as_they_were_written() -> None:
    terms = terms_of(settings(cash=0.1, rate=0.001, account="margin", leverage=2.5, slippage=4), COIN)
    assert (terms.cash, terms.commission_value, terms.leverage, terms.slippage) == (10_000_000, 1_000_000, 2_500, 4)
    assert (terms.tick_lot, terms.lot_numerator, terms.lot_denominator) == (1_000, 1, 1_000)


def test_a_cash_account_has_no_leverage() -> None:
    assert terms_of(settings(leverage=5.0), COIN).leverage == 1_000


def test_a_tick_of_a_lot_below_1e_8_gets_finer_money() -> None:
    satoshi = Instrument(
        asset_name="SAT", exchange="Test", tick_size=Decimal("1e-8"), lot_size=Decimal("0.01"), quote="BTC"
    )
    terms = terms_of(settings(cash=1), satoshi)
    assert (terms.tick_lot, terms.cash) == (1, 10**10)


@pytest.mark.parametrize(
    ("under", "path"),
    [
        (settings(cash=1e11), "initialCash"),
        (settings(cash=1e9, account="margin", leverage=100), "initialCash"),
        (settings(commission=Commission(model="perOrder", value=1e11)), "commission.value"),
        (settings(commission=Commission(model="perUnit", value=1e300)), "commission.value"),
        (settings(commission=Commission(model="rate", value=0.0, minimum=1e11)), "commission.minimum"),
    ],
)
def test_money_beyond_int64_is_refused_before_the_run(under: EngineSettings, path: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        check_money(under, COIN)
    assert refusal.value.code == "money_overflow"
    assert [field.path for field in refusal.value.errors] == [path]


def test_a_rate_above_the_notional_itself_is_refused() -> None:
    with pytest.raises(InvalidRequest, match=r"commission\.value: a rate of notional is at most 1"):
        check_money(settings(rate=1.5), COIN)


@pytest.mark.parametrize(
    ("notional", "fee"), [(499, 0), (500, 1), (1_499, 1), (1_500, 2), (2**61, (2**61 + 500) // 1000)]
)
def test_a_rate_is_rounded_half_away_from_zero(notional: int, fee: int) -> None:
    terms = terms_of(settings(rate=0.001), COIN)
    assert commission_of(terms, 1, notional) == fee


def test_a_product_is_scaled_without_leaving_int64() -> None:
    assert scaled(2**61 + 7, 999_999_999, 10**9) == (2**61 + 7) * 999_999_999 // 10**9
