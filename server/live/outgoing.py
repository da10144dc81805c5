"""The answers and messages of one connection that are on their way to its socket."""

from collections import deque

from server.contract.messages import ServerMessage
from server.live.codec import Codec


class Outgoing:
    """Encoded messages in order; keeps no room for them while there are none, which is most of the time."""

    __slots__ = ("_messages", "codec")

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self._messages: deque[bytes] | None = None

    def __len__(self) -> int:
        return len(self._messages) if self._messages is not None else 0

    def say(self, message: ServerMessage) -> None:
        """Adds a message of this connection alone."""
        self.forward([self.codec.encode(message)])

    def forward(self, messages: list[bytes]) -> None:
        """Adds messages that are encoded already."""
        if not messages:
            return
        if self._messages is None:
            self._messages = deque()
        self._messages.extend(messages)

    def next(self) -> bytes:
        """Takes the first one out; IndexError when there is none."""
        if self._messages is None:
            raise IndexError("nothing is outgoing")
        message = self._messages.popleft()
        if not self._messages:
            self._messages = None
        return message
