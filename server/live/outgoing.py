"""The answers and messages of one connection that are on their way to its socket."""

from collections import deque

from server.contract.messages import ServerMessage
from server.live.codec import Codec


class Outgoing:
    """Encoded messages in order."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec
        self._messages: deque[bytes] = deque()

    def __len__(self) -> int:
        return len(self._messages)

    def say(self, message: ServerMessage) -> None:
        """Adds a message of this connection alone."""
        self._messages.append(self.codec.encode(message))

    def forward(self, messages: list[bytes]) -> None:
        """Adds messages that are encoded already."""
        self._messages.extend(messages)

    def next(self) -> bytes:
        """Takes the first one out."""
        return self._messages.popleft()
