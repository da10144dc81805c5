"""Tasks and outcomes as bytes: what travels to a worker and back names no code to import."""

from typing import Final

import msgspec

from server.execution.tasks import Outcome, Task

_ENCODER: Final = msgspec.msgpack.Encoder()
_TASK: Final[msgspec.msgpack.Decoder[Task]] = msgspec.msgpack.Decoder(Task)
_OUTCOME: Final[msgspec.msgpack.Decoder[Outcome]] = msgspec.msgpack.Decoder(Outcome)


def encode(value: Task | Outcome) -> bytes:
    """A task or an outcome as msgpack."""
    return _ENCODER.encode(value)


def decode_task(raw: bytes) -> Task:
    """The task in `raw`."""
    return _TASK.decode(raw)


def decode_outcome(raw: bytes) -> Outcome:
    """The outcome in `raw`."""
    return _OUTCOME.decode(raw)
