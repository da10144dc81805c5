"""A WebSocket client that keeps what it was sent, and checks what must hold of every frame."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from server.contract.run import Revision
from tests.integration.site import Site

LIMIT_S: Final = 20.0
Message = dict[str, Any]


class Listener:
    """`said` and `heard` are everything so far; revisions of a run that do not rise are an error at once."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.said: list[Message] = []
        self.heard: list[Message] = []
        self._packed = connection.subprotocol == "forge.v1.msgpack"
        self._waiting: deque[Message] = deque()
        self._revisions: dict[str, Revision] = {}

    def say(self, *messages: Message) -> None:
        """Sends one message, or several as an array."""
        self.said += messages
        frame = messages[0] if len(messages) == 1 else messages
        self.connection.send(msgspec.msgpack.encode(frame) if self._packed else json.dumps(frame))

    def next(self) -> Message:
        """The next message; ConnectionClosed after the last."""
        while not self._waiting:
            received = self.connection.recv(timeout=LIMIT_S)
            assert isinstance(received, bytes) == self._packed
            frame = msgspec.msgpack.decode(received) if isinstance(received, bytes) else json.loads(received)
            self._waiting.extend(frame if isinstance(frame, list) else [frame])
        message = self._waiting.popleft()
        self.heard.append(message)
        if message["type"] in ("snapshot", "update") and not message.get("current"):
            key, rev = message["runKey"], Revision(*message["rev"])
            assert rev > self._revisions.get(key, Revision(-1, -1)), f"{message} after {self._revisions[key]}"
            self._revisions[key] = rev
        return message

    def until(self, wanted: Callable[[Message], object]) -> Message:
        """The next message that is wanted."""
        while not wanted(message := self.next()):
            pass
        return message

    def answer(self, message: Message) -> Message:
        """Says something and waits for the message with the same id."""
        self.say(message)
        return self.until(lambda heard: heard.get("id") == message["id"])

    def final(self, run_key: str) -> Message:
        """The next final state of a run."""
        return self.until(lambda message: message.get("runKey") == run_key and message.get("final"))

    def rest(self) -> list[Message]:
        """What comes until the connection ends."""
        before = len(self.heard)
        try:
            while True:
                self.next()
        except ConnectionClosed:
            return self.heard[before:]

    @property
    def close_code(self) -> int | None:
        """How the server ended the connection, once it has."""
        received = self.connection.protocol.close_rcvd
        return received.code if received else None


@contextmanager
def listening(
    site: Site,
    path: str = "/ws",
    *,
    headers: dict[str, str] | None = None,
    subprotocols: tuple[str, ...] = (),
    origin: str | None = None,
) -> Iterator[Listener]:
    """A connection; InvalidStatus when it is refused."""
    with connect(
        site.sockets + path,
        additional_headers=headers,
        subprotocols=[Subprotocol(name) for name in subprotocols] or None,
        origin=None if origin is None else Origin(origin),
        compression=None,
        proxy=None,
        close_timeout=2,
    ) as connection:
        yield Listener(connection)


def refusal(site: Site, path: str, **options: Any) -> tuple[int, str, str]:
    """Status, media type and code with which a handshake is refused."""
    try:
        with listening(site, path, **options):
            raise AssertionError(f"{path} was not refused")
    except InvalidStatus as error:
        response = error.response
        problem = json.loads(response.body)
        assert problem["status"] == response.status_code
        return response.status_code, response.headers["content-type"], problem["code"]
