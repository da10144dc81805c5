"""What is made of an exchange's own words, without asking one."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from ccxt.base.decimal_to_precision import DECIMAL_PLACES

from server.contract.problems import ForgeError
from server.downloads.exchange import Exchange, Market
from server.downloads.fetching import Busy
from server.downloads.installed import checked_exchange
from server.downloads.messages import Order
from tests.exchange_server import FIRST_S, HOUR_S, StandIn, exchange_served

SPOT: dict[str, Any] = {"symbol": "BTC/USDT", "base": "BTC", "quote": "USDT", "spot": True}
SWAP: dict[str, Any] = {
    **SPOT,
    "symbol": "BTC/USDT:USDT",
    "spot": False,
    "swap": True,
    "contract": True,
    "contractSize": 0.01,
}


def order(**changes: Any) -> Order:
    given = {"exchange": "coinbaseexchange", "time_frame": "1h", "frame_ms": 3_600_000, "start_ms": 0, "end_ms": None}
    return Order(**{"folder": "", "symbol": "BTC/USD", "asset_name": None, "base_url": None, **given, **changes})


@pytest.fixture(scope="module")
def stand_in() -> Iterator[StandIn]:
    with exchange_served() as it:
        yield it


def sizes(exchange: Any, price: Any, amount: Any) -> tuple[str | None, str | None]:
    market = Market(exchange, {**SPOT, "precision": {"price": price, "amount": amount}})
    return market.tick_size, market.lot_size


def test_sizes_are_the_exchanges_steps_or_decimals() -> None:
    steps, decimals = Exchange(order())._exchange, Exchange(order())._exchange
    decimals.precisionMode = DECIMAL_PLACES
    assert sizes(steps, 0.01, 1e-8) == ("0.01", "0.00000001")
    assert sizes(steps, 0.5, None) == ("0.5", None)
    assert sizes(decimals, 2, 0) == ("0.01", "1")


@pytest.mark.parametrize(
    ("market", "name", "multiplier"),
    [
        (SPOT, "BTCUSDT", None),
        (SWAP, "BTCUSDT-PERP", "0.01"),
        ({**SWAP, "swap": False, "future": True, "symbol": "BTC/USDT:USDT-250328"}, "BTCUSDT-250328", "0.01"),
    ],
)
def test_the_asset_is_named_by_its_currencies_and_kind(market: Any, name: str, multiplier: str | None) -> None:
    found = Market(Exchange(order())._exchange, market)
    assert (found.asset_name, found.multiplier, found.quote) == (name, multiplier, "USDT")


def test_a_mirror_is_asked_in_place_of_every_address() -> None:
    exchange = Exchange(order(exchange="binance", base_url="http://127.0.0.1:9/"))
    addresses = exchange._exchange.urls["api"]
    assert addresses["public"] == "http://127.0.0.1:9/api/v3"
    assert all(address.startswith("http://127.0.0.1:9/") for address in addresses.values())


def test_a_time_frame_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(ForgeError, match="has no bars of 3h, but 1m, 5m, 15m, 1h, 6h, 1d"):
        Exchange(order(time_frame="3h"))


def test_exchanges_are_known_by_their_files_in_any_case() -> None:
    assert checked_exchange("Kraken") == "kraken"
    with pytest.raises(ForgeError, match="near it: kraken"):
        checked_exchange("krakken")


def test_a_market_is_found_by_its_symbol_and_by_the_name_that_it_gets_here(stand_in: StandIn) -> None:
    exchange = Exchange(order(base_url=stand_in.url))
    found = [exchange.find("btc/usd", None), exchange.find("btc-usd", "MINE"), exchange.find(None, "BTCUSD")]
    assert [one.symbol for one in found] == ["BTC/USD"] * 3
    assert exchange.page_rows == 300
    assert abs(exchange.now_ms() - stand_in.now_s * 1000) < 5_000
    with pytest.raises(ForgeError, match="Coinbase Exchange has no market 'BTC/EUR'; near it: BTC/USD") as raised:
        exchange.find("BTC/EUR", None)
    assert raised.value.errors[0].path == "symbol"


def test_what_passes_is_told_apart_from_what_is_refused(stand_in: StandIn) -> None:
    exchange = Exchange(order(base_url=stand_in.url))
    exchange.find("BTC/USD", None)
    stand_in.troubles.extend(["rate limit", "broken", "down", "refuses"])
    with pytest.raises(Busy, match="limits how often") as limited:
        exchange.page(FIRST_S * 1000)
    assert limited.value.after_s == 1.0
    for words in ("cannot be reached", "is not available"):
        with pytest.raises(Busy, match=words):
            exchange.page(FIRST_S * 1000)
    with pytest.raises(ForgeError, match=r"The exchange refuses: .*not for you"):
        exchange.page(FIRST_S * 1000)


def test_days_say_where_bars_begin(stand_in: StandIn) -> None:
    exchange = Exchange(order(base_url=stand_in.url))
    exchange.find("BTC/USD", None)
    assert exchange.day_since((FIRST_S - 50 * 24 * HOUR_S - 99) * 1000) == FIRST_S * 1000
    assert exchange.day_since((FIRST_S + 100) * 1000) == FIRST_S * 1000
    assert exchange.day_since((FIRST_S - 400 * 24 * HOUR_S) * 1000) == (FIRST_S - 101 * 24 * HOUR_S) * 1000


def test_no_exchange_is_loaded_but_the_one_that_is_asked(stand_in: StandIn) -> None:
    Exchange(order(base_url=stand_in.url))
    assert "ccxt.coinbaseexchange" in sys.modules
    assert "ccxt.whitebit" not in sys.modules


def test_the_serving_process_never_loads_ccxt() -> None:
    code = "import sys, server.app, server.downloads.installed as it\nit.checked_exchange('kraken')\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}print('ccxt' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
