"""Signs messages as the Standard Webhooks specification has it, and checks such signatures."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"
TOLERANCE_S: Final = 300
"""How far the timestamp may be from the receiver's clock: older messages may be replayed ones."""
_PREFIX: Final = "whsec_"
_VERSION: Final = "v1"
_LEAST_KEY_BYTES: Final = 16


class BadSignature(Exception):
    """The message was not signed with this secret, or not now."""


def key_of(secret: str) -> bytes:
    """The key in a secret: what is base64 after `whsec_`. ValueError for anything else, and for what can be guessed.

    Libraries of Standard Webhooks decode what has no prefix as base64 too, so with a plain text they would have another
    key, or none.
    """
    wanted = f"give whsec_ with base64 of at least {_LEAST_KEY_BYTES} bytes behind it"
    if not secret.startswith(_PREFIX):
        raise ValueError(wanted)
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError(wanted) from error
    if len(key) < _LEAST_KEY_BYTES:
        raise ValueError(wanted)
    return key


def signed_headers(key: bytes, message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The three headers of a message that is sent at `timestamp_s`, seconds since the epoch."""
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: str(timestamp_s),
        SIGNATURE_HEADER: f"{_VERSION},{_signature(key, message_id, str(timestamp_s), body)}",
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now_s: float) -> str:
    """The id of a message whose headers, by lower-case name, prove where it comes from; BadSignature."""
    message_id, timestamp = headers.get(ID_HEADER, ""), headers.get(TIMESTAMP_HEADER, "")
    if not timestamp.isdecimal() or abs(now_s - int(timestamp)) > TOLERANCE_S:
        raise BadSignature("the timestamp is not of now")
    expected = _signature(key_of(secret), message_id, timestamp, body).encode()
    for offered in headers.get(SIGNATURE_HEADER, "").split():
        version, _, signature = offered.partition(",")
        if version == _VERSION and hmac.compare_digest(signature.encode(), expected):
            return message_id
    raise BadSignature("no signature of this secret")


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
