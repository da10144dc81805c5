"""The two forms in which messages travel: JSON text and MessagePack binary, made from the same structs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from server.contract.messages import ClientMessage, Ping, ServerMessage, Subscribe, Unsubscribe

_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Unreadable(Exception):
    """Bytes that are no message in this form at all."""


class Misfit(Exception):
    """Bytes of this form that fit no message; `loose` is what they say."""

    def __init__(self, reason: str, loose: Any) -> None:
        super().__init__(reason)
        self.loose = loose


@dataclass(frozen=True, eq=False)
class Codec:
    """One form. `index` numbers the forms, for caches of what is encoded once for many."""

    subprotocol: str
    index: int
    is_text: bool
    form: str
    encode: Callable[[ServerMessage], bytes]
    join: Callable[[list[bytes]], bytes]
    holds_many: Callable[[bytes], bool]
    _split: Callable[[bytes], list[msgspec.Raw]]
    _read: Callable[[bytes | msgspec.Raw], ClientMessage]
    _read_loosely: Callable[[bytes | msgspec.Raw], Any]

    def split(self, frame: bytes) -> list[msgspec.Raw]:
        """The messages of an array; Unreadable."""
        try:
            return self._split(frame)
        except _UNREADABLE as error:
            raise Unreadable(str(error)) from error

    def read(self, message: bytes | msgspec.Raw) -> ClientMessage:
        """A client's message; Unreadable, Misfit."""
        try:
            return self._read(message)
        except msgspec.ValidationError as error:
            raise Misfit(str(error), self._loosely(message)) from error
        except _UNREADABLE as error:
            raise Unreadable(str(error)) from error

    def _loosely(self, message: bytes | msgspec.Raw) -> Any:
        try:
            return self._read_loosely(message)
        except (*_UNREADABLE, ValueError) as error:
            raise Unreadable(str(error)) from error


def _join_json(messages: list[bytes]) -> bytes:
    return messages[0] if len(messages) == 1 else b"[" + b",".join(messages) + b"]"


def _join_msgpack(messages: list[bytes]) -> bytes:
    count = len(messages)
    if count == 1:
        return messages[0]
    head = bytes([0x90 | count]) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
    return head + b"".join(messages)


_Client = Subscribe | Unsubscribe | Ping

JSON: Final = Codec(
    subprotocol="forge.v1.json",
    index=0,
    is_text=True,
    form="JSON",
    encode=msgspec.json.Encoder().encode,
    join=_join_json,
    holds_many=lambda frame: frame.lstrip(b" \t\r\n").startswith(b"["),
    _split=msgspec.json.Decoder(list[msgspec.Raw]).decode,
    _read=msgspec.json.Decoder(_Client).decode,
    _read_loosely=msgspec.json.Decoder().decode,
)
MSGPACK: Final = Codec(
    subprotocol="forge.v1.msgpack",
    index=1,
    is_text=False,
    form="MessagePack",
    encode=msgspec.msgpack.Encoder().encode,
    join=_join_msgpack,
    holds_many=lambda frame: frame[:1] in (b"\xdc", b"\xdd") or 0x90 <= (frame or b"\0")[0] <= 0x9F,
    _split=msgspec.msgpack.Decoder(list[msgspec.Raw]).decode,
    _read=msgspec.msgpack.Decoder(_Client).decode,
    _read_loosely=msgspec.msgpack.Decoder().decode,
)
CODECS: Final = {codec.subprotocol: codec for codec in (JSON, MSGPACK)}
MAX_JOINED: Final = 65_535
"""Messages that one frame may hold in every form."""


class Shared:
    """A message that many connections send: encoded at most once in each form."""

    __slots__ = ("_encoded", "message")

    def __init__(self, message: ServerMessage) -> None:
        self.message = message
        self._encoded: list[bytes | None] = [None, None]

    def encoded(self, codec: Codec) -> bytes:
        """As it is sent."""
        known = self._encoded[codec.index]
        if known is None:
            known = self._encoded[codec.index] = codec.encode(self.message)
        return known
