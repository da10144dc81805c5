"""Client frames into messages, or into what is wrong with them."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from server.contract.identity import RUN_KEY_PATTERN
from server.contract.messages import ClientMessage, MessageId, Ping, Subscribe
from server.contract.problems import ProblemCode
from server.live.codec import Codec, Misfit, Unreadable


class Refusal(NamedTuple):
    """A message that cannot be served; `malformed` when it is none of the protocol at all."""

    code: ProblemCode
    detail: str
    message_id: MessageId | UnsetType = UNSET
    malformed: bool = True


_TYPES: Final = frozenset({"subscribe", "unsubscribe", "ping"})


def decode_frame(frame: bytes, codec: Codec) -> Iterator[ClientMessage | Refusal]:
    """The messages of a frame, which holds one or an array of them."""
    if not codec.holds_many(frame):
        yield _decode_message(frame, codec)
        return
    try:
        messages = codec.split(frame)
    except Unreadable as error:
        yield Refusal("invalid_request", f"The frame is no {codec.form}: {error}.")
        return
    if not messages:
        yield Refusal("invalid_request", "The array holds no message.")
    for message in messages:
        yield _decode_message(message, codec)


def _decode_message(raw: bytes | msgspec.Raw, codec: Codec) -> ClientMessage | Refusal:
    try:
        return _check(codec.read(raw))
    except Misfit as error:
        return _explain(error.loose, str(error))
    except Unreadable as error:
        return Refusal("invalid_request", f"The message is no {codec.form}: {error}.")


def _check(message: ClientMessage) -> ClientMessage | Refusal:
    if isinstance(message, Ping):
        return message
    if (message.run_key is UNSET) == (message.topic is UNSET):
        return Refusal("invalid_request", "Give exactly one of `runKey` and `topic`.", message.id)
    if isinstance(message.run_key, str) and not RUN_KEY_PATTERN.match(message.run_key):
        return Refusal("run_not_found", f"{message.run_key[:200]!r} is no RunKey.", message.id, malformed=False)
    if isinstance(message, Subscribe) and isinstance(message.attempt, int) and message.attempt < 1:
        return Refusal("invalid_request", "`attempt` counts from 1.", message.id)
    return message


def _explain(loose: Any, reason: str) -> Refusal:
    """Tells what fits no message: a newer client's unknown type is no malformed message."""
    if not isinstance(loose, dict):
        return Refusal("invalid_request", "A message is an object with `type`.")
    given = loose.get("id")
    message_id = given if isinstance(given, str | int) and not isinstance(given, bool) else UNSET
    kind = loose.get("type")
    if isinstance(kind, str) and kind not in _TYPES:
        known = ", ".join(sorted(_TYPES))
        detail = f"{kind[:100]!r} is no message that a client sends; these are: {known}."
        return Refusal("unknown_message", detail, message_id, malformed=False)
    return Refusal("invalid_request", f"{reason}.", message_id)
