"""Money as whole numbers, and the refusal of what would not fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from server.contract.problems import InvalidRequest
from server.contract.requests import Commission
from server.data.instrument import Instrument
from server.engine.kernel.arithmetic import commission_of, part_of, rounded_part_of
from server.engine.kernel.records import AssetRecord
from server.engine.market import market_of
from server.engine.money import check_money, terms_of
from server.engine.series import Series
from server.engine.settings import EngineSettings
from tests.trading import COIN, HOUR_MS, flat_bars, settings


def assets_of(*instruments: Instrument) -> list[AssetRecord]:
    """What a run over these instruments holds of each."""
    return market_of([Series(flat_bars(1), 0, 1, instrument, HOUR_MS) for instrument in instruments]).records()


def test_settings_become_whole_numbers_as_they_were_written() -> None:
    terms = terms_of(settings(cash=0.1, rate=0.001, account="margin", leverage=2.5, slippage=4), COIN)
    assert (terms.cash, terms.commission_value, terms.leverage, terms.slippage) == (10_000_000, 1_000_000, 2_500, 4)
    (asset,) = assets_of(COIN)
    assert (asset.tick_lot, asset.lot_numerator, asset.lot_denominator) == (1_000, 1, 1_000)


def test_a_cash_account_has_no_leverage() -> None:
    assert terms_of(settings(leverage=5.0), COIN).leverage == 1_000


def test_a_tick_of_a_lot_below_1e_8_gets_finer_money() -> None:
    satoshi = Instrument(
        asset_name="SAT", exchange="Test", tick_size=Decimal("1e-8"), lot_size=Decimal("0.01"), quote="BTC"
    )
    assert terms_of(settings(cash=1), satoshi).cash == 10**10
    assert [asset.tick_lot for asset in assets_of(satoshi)] == [1]
    assert [asset.tick_lot for asset in assets_of(COIN, replace(satoshi, quote="USD"))] == [100_000, 1]


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
    ("notional", "fee"), [(499, 0), (500, 1), (1_499, 1), (1_500, 2), (2**60, (2**60 + 500) // 1000)]
)
def test_a_rate_is_rounded_half_away_from_zero(notional: int, fee: int) -> None:
    terms = terms_of(settings(rate=0.001), COIN)
    assert commission_of(terms, assets_of(COIN)[0], 1, notional) == fee


amounts = st.integers(-(2**61), 2**61)


@given(amounts, st.integers(0, 2**61), st.integers(1, 2**61))
def test_a_part_is_exact_whatever_its_product_would_be(amount: int, numerator: int, denominator: int) -> None:
    exact = amount * numerator // denominator
    if abs(exact) < 2**61 - 2**31:
        assert part_of(amount, numerator, denominator) == exact
    else:
        assert abs(part_of(amount, numerator, denominator)) >= 2**61 - 2**31 - 1


@given(st.integers(-(2**59), 2**59), st.integers(0, 10**9))
def test_a_rounded_part_goes_half_away_from_zero(amount: int, numerator: int) -> None:
    size = (2 * abs(amount) * numerator + 10**9) // (2 * 10**9)
    assert rounded_part_of(amount, numerator, 10**9) == (size if amount >= 0 else -size)
