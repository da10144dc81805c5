"""Which exchanges can be asked: looked up in ccxt's folder, since the serving process never imports it."""

import difflib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from server.contract.problems import ForgeError, InvalidRequest

_NEAR: Final = 5


def checked_exchange(name: str) -> str:
    """ccxt's id of an exchange, in whatever case it was written; ForgeError when there is none, or no ccxt."""
    known = _exchanges()
    if known is None:
        raise ForgeError(
            "not_supported",
            'Downloads take ccxt, which the server does not have: pip install "algotradeforge[download]".',
        )
    exchange = name.lower()
    if exchange in known:
        return exchange
    near = difflib.get_close_matches(exchange, known, _NEAR) or sorted(one for one in known if exchange[:3] in one)
    listed = f"; near it: {', '.join(near[:_NEAR])}" if near else ""
    raise InvalidRequest("invalid_request", "exchange", f"ccxt knows no exchange {name!r}{listed}")


@cache
def _exchanges() -> frozenset[str] | None:
    """The ids; None without ccxt."""
    spec = find_spec("ccxt")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "abstract"  # a file for each exchange, nothing else
    return frozenset(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
