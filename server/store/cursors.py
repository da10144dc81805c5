"""Opaque places in a sorted list, which mean something to the query that made them alone."""

import base64
import hashlib
import json
from typing import Any, Final

from server.contract.problems import InvalidRequest

_BINDING_HEX: Final = 16


def encode_cursor(query: object, place: list[Any]) -> str:
    """The cursor after `place` (sort value and tie-breaker) in the answer to `query`, both plain JSON values."""
    text = json.dumps([_binding(query), *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode_cursor(query: object, cursor: str, size: int) -> list[Any]:
    """The place, of `size` values; InvalidRequest when the cursor is malformed or of another query."""
    try:
        place = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        place = None
    if not isinstance(place, list) or len(place) != size + 1 or place[0] != _binding(query) or not _plain(place):
        raise InvalidRequest(
            "invalid_request", "cursor", "is not a cursor of this list with this order and these filters"
        )
    return place[1:]


def _plain(place: list[Any]) -> bool:
    """Whether a database takes all of it as values: a client may have made the cursor up."""
    return all(
        value is None or isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 2**63)
        for value in place
    )


def _binding(query: object) -> str:
    return hashlib.sha256(json.dumps(query, sort_keys=True).encode()).hexdigest()[:_BINDING_HEX]
