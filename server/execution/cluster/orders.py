"""What the owner and the hosts of a cluster send each other through Dask."""

from typing import Final

import msgspec

from server.contract.base import Model
from server.execution.port import Counts
from server.execution.tasks import TaskFailed

CHUNK_BYTES: Final = 4 << 20
"""How much of a file travels at a time."""


class Order(Model, frozen=True, kw_only=True):
    """One encoded task for whichever host gets it; `depot` is where its data are, `topic` where its progress goes."""

    id: str
    task: bytes
    timeout_s: float | None
    depot: str
    topic: str


class Answer(Model, frozen=True, kw_only=True):
    """What became of an order on one `host`, whose workers were replaced `restarts` times.

    `outcome` encoded, after it computed for `worked_s`; None when nobody wants it any more, or when this machine is
    `unable` to do it: another one may be able to.
    """

    host: str
    outcome: bytes | None
    unable: TaskFailed | None
    counts: Counts
    worked_s: float
    restarts: int


class Told(Model, frozen=True, kw_only=True):
    """Progress of one execution of an order, as an event."""

    id: str
    execution: str
    counts: Counts
    restarts: int


def encode(value: Order | Answer | Told) -> bytes:
    """As msgpack."""
    return msgspec.msgpack.encode(value)


def decode_order(raw: bytes) -> Order:
    """The order in `raw`."""
    return msgspec.msgpack.decode(raw, type=Order)


def decode_answer(raw: bytes) -> Answer:
    """The answer in `raw`."""
    return msgspec.msgpack.decode(raw, type=Answer)


def decode_told(raw: bytes) -> Told:
    """The progress in `raw`."""
    return msgspec.msgpack.decode(raw, type=Told)
