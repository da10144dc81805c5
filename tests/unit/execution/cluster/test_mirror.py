"""Files of a backtest that grow on another machine."""

from typing import TYPE_CHECKING, Any

import numpy as np

from server.engine.tables import EQUITY_DTYPE, create_rows
from server.execution.cluster.mirror import Mirror

if TYPE_CHECKING:
    from tests.conftest import Workshop

CODE = """
class Probe(Strategy):
    def on_bar(self, bar):
        return
"""


class Receiver:
    """Stands for a Desk: keeps what is sent of each file, as the owner does."""

    def __init__(self) -> None:
        self.files: dict[str, bytearray] = {}
        self.pieces = 0

    async def grow(self, name: str, offset: int, data: bytes, size: int | None = None) -> None:
        kept = self.files.setdefault(name, bytearray())
        kept.extend(bytes(max(0, (size or offset + len(data)) - len(kept))))
        kept[offset : offset + len(data)] = data
        self.pieces += 1


async def test_what_grows_is_sent_as_far_as_it_has_grown_and_once(workshop: "Workshop") -> None:
    task = workshop.backtest(workshop.strategy(CODE), workshop.data(10))
    receiver: Any = Receiver()
    mirror = Mirror(task, receiver)
    await mirror.send(0)
    assert receiver.files == {}, "nothing has begun"
    curve = create_rows(task.live_curve, EQUITY_DTYPE, (10,))
    curve["ts"] = np.arange(1, 11)
    task.live_log.write_bytes(b'{"_t":"run.start"}\n')
    await mirror.send(4)
    whole = task.live_curve.read_bytes()
    header = len(whole) - 10 * EQUITY_DTYPE.itemsize
    sent = header + 4 * EQUITY_DTYPE.itemsize
    received = bytes(receiver.files[task.live_curve.name])
    assert received == whole[:sent] + bytes(len(whole) - sent), "the rest is zeros, as where it is written"
    with task.live_log.open("ab") as log:
        log.write(b'{"_t":"bar"}\n')
    await mirror.send(10)
    assert bytes(receiver.files[task.live_curve.name]) == whole
    assert bytes(receiver.files[task.live_log.name]) == task.live_log.read_bytes()
    pieces = receiver.pieces
    await mirror.send(10)
    assert receiver.pieces == pieces
