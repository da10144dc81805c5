"""One WebSocket on which one run is followed."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from server.client import wire
from server.client.errors import NotFound, problem
from server.contract.messages import ErrorMessage, Removed, ServerMessage, Snapshot, Subscribe, Update, Welcome
from server.contract.problems import ForgeError
from server.contract.run import Revision, RunInfo, RunSnapshot, RunState

_SUBSCRIPTION: Final = 1
_MAX_FRAME_BYTES: Final = 1 << 24
_MESSAGE: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(ServerMessage)
_FRAME: Final = msgspec.json.Decoder(list[msgspec.Raw])


class SocketLost(Exception):  # an event of the connection, not a mistake of anybody
    """The socket cannot be had, or ended before the final state."""


async def socket_states(
    url: str, headers: Mapping[str, str], run_key: str, attempt: int | None, last: RunSnapshot | None
) -> AsyncGenerator[RunSnapshot, None]:
    """The states of a run after `last`; ends after a final one. SocketLost otherwise, ProblemError when refused.

    Any final may be the last word of a subscription, one of an attempt older than `attempt` too: that of the attempt
    it was answered from. Waiting for more would then wait for ever.
    """
    try:
        async with connect(
            f"ws{url.removeprefix('http')}/ws",
            additional_headers=dict(headers),
            subprotocols=["forge.v1.json"],  # type: ignore[list-item]  # a NewType of str
            proxy=None if wire.is_local(url) else True,
            open_timeout=5,
            close_timeout=1,
            max_size=_MAX_FRAME_BYTES,
        ) as socket:
            async for frame in socket:
                for message in messages(frame):
                    if isinstance(message, Welcome):
                        # Revisions of another home do not compare with ours.
                        known = last.rev if last and last.run.store_id == message.store_id else None
                        await socket.send(_subscribe(run_key, attempt, known).decode())
                        continue
                    found = _state(message, run_key, last)
                    if found is not None:
                        last = found
                        yield last
                    if _ends(message, run_key):
                        return
    except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, InvalidURI) as error:
        raise SocketLost(str(error)) from error
    raise SocketLost("the server closed the socket")


def messages(frame: str | bytes) -> list[Any]:
    """The messages of one frame, which is one or an array of them; those of later versions are passed over."""
    raw = frame.encode() if isinstance(frame, str) else frame
    parts = _FRAME.decode(raw) if raw.lstrip()[:1] == b"[" else [raw]
    found = []
    for part in parts:
        try:
            found.append(_MESSAGE.decode(part))
        except msgspec.ValidationError:
            continue
    return found


def _subscribe(run_key: str, attempt: int | None, rev: Revision | None) -> bytes:
    return msgspec.json.encode(
        Subscribe(
            id=_SUBSCRIPTION,
            run_key=run_key,
            attempt=msgspec.UNSET if attempt is None else attempt,
            rev=msgspec.UNSET if rev is None else rev,
        )
    )


def _ends(message: Any, run_key: str) -> bool:
    """Whether a message tells of a final state, be it new or known already."""
    return isinstance(message, Snapshot | Update) and message.run_key == run_key and message.final is True


def _state(message: Any, run_key: str, last: RunSnapshot | None) -> RunSnapshot | None:
    """What a message tells of the run, None when it tells nothing new."""
    match message:
        case Snapshot(run=RunInfo() as run, state=RunState() as state, rev=rev) if message.run_key == run_key:
            return RunSnapshot(run=run, state=state, rev=rev)
        case Update(state=state, rev=rev) if message.run_key == run_key and last is not None:
            return RunSnapshot(run=last.run, state=state, rev=rev)
        case Removed() if message.run_key == run_key:
            raise NotFound("run_not_found", f"{run_key} was deleted.", status=404)
        case ErrorMessage(retryable=True):
            raise SocketLost(message.detail)
        case ErrorMessage():
            raise problem(message.code, message.detail, status=ForgeError(message.code, message.detail).status)
        case _:
            return None
