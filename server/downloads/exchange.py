"""An exchange as ccxt reaches it. Fetching processes alone import it, after `lean_ccxt`."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from ccxt.base import errors
from ccxt.base.decimal_to_precision import DECIMAL_PLACES, TICK_SIZE

from server.contract.problems import ForgeError, InvalidRequest
from server.downloads.fetching import Busy
from server.downloads.messages import Order
from server.downloads.pages import Row

LIBRARY: Final = f"ccxt {version('ccxt')}"
_PAGE_ROWS: Final = 100
"""Where an exchange does not tell: no more than any gives, or bars never asked for would be passed over as missing."""
_DAY: Final = "1d"
_DAY_MS: Final = 86_400_000
_LISTED: Final = 8
_LONGEST_WAIT_S: Final = 600.0
_LONGEST_REASON: Final = 300
_PASSING: Final = {
    errors.RateLimitExceeded: "the exchange limits how often it is asked",
    errors.DDoSProtection: "the exchange limits how often it is asked",
    errors.ExchangeNotAvailable: "the exchange is not available",
    errors.RequestTimeout: "the exchange takes too long to answer",
    errors.NetworkError: "the exchange cannot be reached",
}


class Market:
    """What is to be fetched, as the exchange describes it."""

    def __init__(self, exchange: Any, market: Mapping[str, Any]) -> None:
        self.symbol: str = market["symbol"]
        self.asset_name = _asset_name(market)
        self.quote: str = market["quote"]
        self.multiplier = _text(market["contractSize"]) if market.get("contract") else None
        precision = market.get("precision") or {}
        self.tick_size = _step(exchange, precision.get("price"))
        self.lot_size = _step(exchange, precision.get("amount"))


class Exchange:
    """Implements `Source` for one series, once `find` has found it."""

    def __init__(self, order: Order) -> None:
        """ForgeError `not_supported` for an exchange that offers no bars of that time frame."""
        self._frame = order.time_frame
        self._exchange = getattr(import_module(f"ccxt.{order.exchange}"), order.exchange)(_options(order))
        if order.base_url is not None:
            self._exchange.urls["api"] = _moved(self._exchange.urls["api"], order.base_url.rstrip("/"))
        self.name = str(self._exchange.name)
        self._clock_off_ms = 0
        self._symbol = ""
        self._page_rows = _PAGE_ROWS
        frames = self._exchange.timeframes or {}
        if not self._exchange.has.get("fetchOHLCV") or not frames:
            raise ForgeError("not_supported", f"{self.name} offers no bars.")
        if order.time_frame not in frames:
            offered = f"{self.name} has no bars of {order.time_frame}, but {', '.join(frames)}"
            raise InvalidRequest("invalid_request", "timeFrame", offered)
        self._frames = frames

    @property
    def page_rows(self) -> int:
        """The most bars that one request gives."""
        return self._page_rows

    def now_ms(self) -> int:
        """By this machine's clock, put right by the exchange's."""
        return time.time_ns() // 1_000_000 + self._clock_off_ms

    def find(self, symbol: str | None, asset_name: str | None) -> Market:
        """The market of that symbol, or of that name here; InvalidRequest when there is none. Busy."""
        with _told():
            markets = self._exchange.load_markets()
            if self._exchange.has.get("fetchTime") is True:
                self._clock_off_ms = int(self._exchange.fetch_time()) - time.time_ns() // 1_000_000
        wanted = symbol or asset_name or ""
        found = [one for one in markets.values() if one["symbol"].upper() == wanted.strip().upper()]
        found = found or [one for one in markets.values() if _plain(_asset_name(one)) == _plain(wanted)]
        found.sort(key=lambda one: not one.get("spot"))
        if not found:
            raise InvalidRequest("invalid_request", "symbol" if symbol else "assetName", self._unknown(wanted, markets))
        market = found[0]
        if market.get("inverse"):
            raise ForgeError("not_supported", f"{market['symbol']} pays in {market['base']}; no account here does.")
        self._symbol = market["symbol"]
        with suppress(KeyError, TypeError, AttributeError):  # told by most exchanges, in several forms
            self._page_rows = int(self._exchange.feature_value(self._symbol, "fetchOHLCV", "limit")) or _PAGE_ROWS
        return Market(self._exchange, market)

    def page(self, since_ms: int) -> Sequence[Row]:
        """Some bars from there on; Busy."""
        return self._bars(self._frame, since_ms)

    def day_since(self, since_ms: int) -> int | None:
        """The first day with bars, or where a page of days ends that has none; Busy.

        A day that has begun before counts too, whenever that was: not every exchange's begins at midnight in UTC.
        """
        if _DAY not in self._frames or self._frame in (_DAY, "1w"):
            return None
        first = (since_ms // _DAY_MS - 1) * _DAY_MS
        days = [row.ts_ms for row in self._bars(_DAY, first) if row.ts_ms > since_ms - _DAY_MS]
        return min(days, default=first + self._page_rows * _DAY_MS)

    def _bars(self, frame: str, since_ms: int) -> list[Row]:
        with _told(lambda: self._exchange.last_response_headers):
            bars = self._exchange.fetch_ohlcv(self._symbol, frame, since_ms, self._page_rows)
        return [_row(bar) for bar in bars if None not in bar[:5]]

    def _unknown(self, wanted: str, markets: Mapping[str, Any]) -> str:
        beginning = _plain(wanted)[:3]
        near = sorted(symbol for symbol in markets if _plain(symbol).startswith(beginning))[:_LISTED]
        return f"{self.name} has no market {wanted[:80]!r}" + (f"; near it: {', '.join(near)}" if near else "")


def _options(order: Order) -> dict[str, Any]:
    return {
        "enableRateLimit": True,
        "requests_trust_env": order.base_url is None,  # proxies of the environment, but to nowhere near
        "has": {"fetchCurrencies": False},  # one request less; some exchanges answer it to customers alone
    }


def _moved(urls: Any, base_url: str) -> Any:
    """The same addresses at another host."""
    if isinstance(urls, Mapping):
        return {name: _moved(url, base_url) for name, url in urls.items()}
    return base_url + urlsplit(urls).path if isinstance(urls, str) else urls


@contextmanager
def _told(headers: Callable[[], Any] = lambda: None) -> Iterator[None]:
    """Busy for what passes, ForgeError for what the exchange refuses."""
    try:
        yield
    except errors.OperationFailed as error:
        raise Busy(_words(error), _retry_after(headers())) from error
    except errors.BaseError as error:
        if isinstance(error.__cause__, requests.RequestException):  # a connection that broke within an answer
            raise Busy("the connection broke") from error
        said = " ".join(str(error).split())[:_LONGEST_REASON]
        raise ForgeError("not_supported", f"The exchange refuses: {type(error).__name__}: {said}") from error


def _words(error: errors.OperationFailed) -> str:
    return next((words for kind, words in _PASSING.items() if isinstance(error, kind)), "the exchange answers amiss")


def _retry_after(headers: Any) -> float:
    told = {str(name).lower(): value for name, value in dict(headers or {}).items()}.get("retry-after", "")
    try:
        return max(0.0, min(_LONGEST_WAIT_S, float(told)))
    except ValueError:  # none, or a date
        return 0.0


def _row(bar: Sequence[Any]) -> Row:
    ts_ms, opened, high, low, close, *volume = bar
    return Row(int(ts_ms), float(opened), float(high), float(low), float(close), float((volume or [0])[0] or 0))


def _asset_name(market: Mapping[str, Any]) -> str:
    """`BTC/USDT` as BTCUSDT, the perpetual as BTCUSDT-PERP, a future with its day: they are not the same asset."""
    name = f"{market['base']}{market['quote']}"
    if market.get("swap"):
        return f"{name}-PERP"
    return name if market.get("spot", True) else f"{name}-{str(market['symbol']).rpartition('-')[2]}"


def _plain(name: str) -> str:
    return "".join(character for character in name.upper() if character.isalnum())


def _step(exchange: Any, precision: Any) -> str | None:
    """The smallest step, which some exchanges tell as a number of decimals; None where neither is told."""
    if precision is None:
        return None
    if exchange.precisionMode == TICK_SIZE:
        return _text(precision)
    return _text(Decimal(1).scaleb(-int(precision))) if exchange.precisionMode == DECIMAL_PLACES else None


def _text(number: Any) -> str | None:
    value = Decimal(str(number or 0))
    return f"{value.normalize():f}" if value > 0 else None
