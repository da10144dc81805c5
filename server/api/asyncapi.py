"""The AsyncAPI 3.0 document of the WebSocket, generated from the structs that encode and decode its messages.

`python -m server.api.asyncapi` prints it.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

import msgspec

from server import __version__
from server.api.message_examples import EXAMPLES
from server.api.schemas import Json, components, reference
from server.contract import messages
from server.contract.catalogue import DatasetInfo, StrategyInfo
from server.contract.downloads import Download
from server.contract.messages import ErrorMessage, Ping, Pong, Removed, Snapshot, Unsubscribed, Update, Welcome
from server.contract.system import System

Struct = type[msgspec.Struct]

_SERVER: Final[tuple[Struct, ...]] = get_args(messages.ServerMessage)
_CLIENT: Final[tuple[Struct, ...]] = get_args(messages.ClientMessage)
_REST_ITEMS: Final[tuple[Struct, ...]] = (DatasetInfo, StrategyInfo, System, Download)
"""What `changed` carries, by topic."""

_GONE: Final = [
    {
        "type": "object",
        "properties": {name: {"type": "string"}, "removed": {"enum": [True]}},
        "required": [name, "removed"],
        "additionalProperties": False,
    }
    for name in ("id", "name")
]
_CLOSE_CODES: Final = (
    "Close codes: 1000 done; 1001 and 1012 the server restarts, 4000 too slow, 4001 pings unanswered: connect again; "
    "1003, 1007, 1009 a frame of the wrong kind, text or size; 4400 malformed again and again; 4429 over a limit."
)


@dataclass(frozen=True)
class _Channel:
    """One address: what the server sends there, and what of a client's it answers with which messages."""

    name: str
    address: str
    title: str
    description: str
    sends: Sequence[Struct]
    answers: dict[Struct, Sequence[Struct]]


_CHANNELS: Final = (
    _Channel(
        name="many",
        address="/ws",
        title="Many runs and topics",
        description=(
            "One connection for everything that a client follows. A frame, either way, is one message or an array of "
            f"messages. The first message from the server is `welcome`. {_CLOSE_CODES}"
        ),
        sends=(Welcome, Snapshot, Update, messages.Changed, Removed, ErrorMessage),
        answers={
            messages.Subscribe: (Snapshot, messages.TopicSnapshot, ErrorMessage),
            messages.Unsubscribe: (Unsubscribed, ErrorMessage),
            Ping: (Pong,),
        },
    ),
    _Channel(
        name="one",
        address="/ws/runs/{runKey}",
        title="One run",
        description=(
            "Follows one run without a word from the client: a `snapshot`, then `update`s, one message a frame. After "
            f"the final state the server closes with 1000. An unknown run is a 404 before the handshake. {_CLOSE_CODES}"
        ),
        sends=(Snapshot, Update, Removed, ErrorMessage),
        answers={Ping: (Pong,)},
    ),
)


def document() -> Json:
    """The whole document."""
    described = {_tag(struct): _message(struct) for struct in (*_SERVER, *_CLIENT)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "AlgoTradeForge",
            "version": __version__,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "description": (
                "The live side of the API. Messages are objects with `type`, as JSON text (subprotocol "
                "`forge.v1.json`, the default) or as MessagePack binary (`forge.v1.msgpack`). An update carries all "
                "that can change in a run, not a difference, so the newest one wins: `rev` strictly rises for each run "
                "of a connection, and every subscriber receives the final state. What is undefined is null. Clients "
                "ignore fields that they do not know; the server refuses them."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {"here": _server()},
        "channels": {channel.name: _channel(channel) for channel in _CHANNELS},
        "operations": dict(_operations()),
        "components": {
            "messages": described,
            "schemas": _schemas(),
            "securitySchemes": _security(),
        },
    }


def _server() -> Json:
    return {
        "host": "{address}",
        "protocol": "ws",
        "description": "The server that this document comes from; `wss` where something in front of it speaks TLS.",
        "variables": {"address": {"default": "127.0.0.1:8000", "description": "Host and port."}},
        "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in _security()],
    }


def _security() -> Json:
    return {
        "token": {"type": "http", "scheme": "bearer", "description": "Needed when the server has a token."},
        "subprotocol": {
            "type": "httpApiKey",
            "in": "header",
            "name": "Sec-WebSocket-Protocol",
            "description": "For browsers: `forge.auth.` and the token in base64url, beside the protocol. Never echoed.",
        },
    }


def _channel(channel: _Channel) -> Json:
    structs = dict.fromkeys(
        [*channel.sends, *channel.answers, *(answer for answers in channel.answers.values() for answer in answers)]
    )
    described: Json = {
        "address": channel.address,
        "title": channel.title,
        "description": channel.description,
        "messages": {_tag(struct): {"$ref": f"#/components/messages/{_tag(struct)}"} for struct in structs},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }
    if "{runKey}" in channel.address:
        described["parameters"] = {"runKey": {"description": "The identity of the run, as its submission told it."}}
        described["bindings"]["ws"]["query"] = {
            "type": "object",
            "properties": {
                "attempt": {
                    "type": "integer",
                    "minimum": 1,
                    "description": "The attempt of a submission: waits for it, past the ends of older ones.",
                }
            },
        }
    return described


def _operations() -> Iterable[tuple[str, Json]]:
    for channel in _CHANNELS:
        at = {"$ref": f"#/channels/{channel.name}"}
        for asked, answers in channel.answers.items():
            yield (
                f"{_tag(asked)}{channel.name.title()}",
                {
                    "action": "receive",
                    "channel": at,
                    "summary": _first_line(asked),
                    "messages": _in(channel, [asked]),
                    "reply": {"channel": at, "messages": _in(channel, answers)},
                },
            )
        yield (
            f"tell{channel.name.title()}",
            {
                "action": "send",
                "channel": at,
                "summary": "What happens to all that is followed.",
                "messages": _in(channel, channel.sends),
            },
        )


def _in(channel: _Channel, structs: Iterable[Struct]) -> list[Json]:
    return [{"$ref": f"#/channels/{channel.name}/messages/{_tag(struct)}"} for struct in structs]


def _message(struct: Struct) -> Json:
    return {
        "name": _tag(struct),
        "title": struct.__name__,
        "summary": _first_line(struct),
        "contentType": "application/json",
        "payload": reference(struct.__name__),
        "examples": [{"payload": msgspec.to_builtins(example)} for example in EXAMPLES if type(example) is struct],
    }


def _schemas() -> Json:
    """The schemas of all messages, with what their types cannot say."""
    schemas: Json = _draft_07(components([*_SERVER, *_CLIENT, *_REST_ITEMS]))
    one_of_both = [{"required": ["runKey"]}, {"required": ["topic"]}]
    for name in ("Subscribe", "Unsubscribe", "Unsubscribed"):
        schemas[name]["oneOf"] = one_of_both
    schemas["Snapshot"]["oneOf"] = [{"required": ["run", "state", "final"]}, {"required": ["current"]}]
    schemas["Changed"]["properties"]["data"] = {
        "anyOf": [*(reference(struct.__name__) for struct in _REST_ITEMS), *_GONE],
        "description": "The REST item; of what is gone its `id` or `name` with `removed`.",
    }
    return schemas


def _draft_07(schema: Any) -> Any:
    """The same in the dialect of AsyncAPI, which writes the items of a tuple otherwise."""
    if isinstance(schema, list):
        return [_draft_07(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    said = {("items" if key == "prefixItems" else key): _draft_07(part) for key, part in schema.items()}
    return said | {"additionalItems": False} if "prefixItems" in schema else said


def _tag(struct: Struct) -> str:
    return str(struct.__struct_config__.tag)


def _first_line(struct: Struct) -> str:
    return (struct.__doc__ or "").partition("\n")[0]


def main() -> None:
    """Prints the document as JSON."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document()), indent=2).decode() + "\n")


if __name__ == "__main__":
    main()
