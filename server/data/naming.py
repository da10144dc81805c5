"""Names of series: what they may be, and what folders and URLs call them."""

import re
import unicodedata
from typing import Final

from server.contract.identity import content_hash
from server.contract.problems import InvalidRequest

DATASET_ID_PATTERN: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_NAME: Final = 120
_LONGEST_SLUG: Final = 40
_CURRENCIES: Final = (
    *("FDUSD", "USDT", "USDC", "BUSD", "TUSD", "DAI"),
    *("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "ZAR"),
    *("CNY", "CNH", "HKD", "SGD", "KRW", "INR", "IDR", "THB", "BRL", "MXN", "ILS", "BTC", "ETH", "BNB", "SOL"),
)


def normal_name(text: str, path: str) -> str:
    """An asset's or exchange's name as it is kept: NFC, no space around it, 1 to 120 printable characters.

    Raises InvalidRequest that names `path`.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise InvalidRequest("invalid_request", path, f"must have 1 to {_LONGEST_NAME} characters, not {len(name)}")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in name):
        raise InvalidRequest("invalid_request", path, "must hold printable characters only")
    return name


def dataset_id(asset_name: str, exchange: str, time_frame: str, hash_of_content: str) -> str:
    """A readable id that names one content of one series for ever: `eurusd-oanda-1h-5f0c1a2b3d`.

    Lower-case ASCII letters, digits and single hyphens, whatever the names hold: safe as a folder and a URL segment.
    Names with the same slug (`BTC/USDT`, `BTC-USDT`) are told apart by the hash, which covers the names too.
    """
    proof = content_hash([asset_name, exchange, time_frame, hash_of_content])[:10]
    parts = (_slug(asset_name), _slug(exchange), time_frame, proof)
    return "-".join(part for part in parts if part)


def infer_quote(asset_name: str) -> str:
    """The currency in which an asset is priced, by its name: EURUSD → USD, BTC/USDT → USDT; else USD.

    Without a separator the base must have three letters at least: GBTC is a share, not a pair.
    """
    name = asset_name.upper().split(":")[0]
    *base, last = re.split(r"[/_\- ]", name)
    if base:
        return last if last in _CURRENCIES else "USD"
    for currency in _CURRENCIES:
        if name.endswith(currency) and len(name) - len(currency) >= 3:
            return currency
    return "USD"


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-")
