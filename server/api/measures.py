"""What the server tells of itself in figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.contract.requests import RunKind
from server.contract.run import RunStatus
from server.contract.system import System
from server.timing import Timing
from server.webhooks.service import ReceiverFigures


@dataclass(frozen=True)
class Measures:
    """`active` runs by kind and status now, `ended` ones since the start; `bars` simulated since then, those of running
    runs included. `store_writes`: from asking for a write to its commit; `store_reads`: from asking to the answer;
    `deliveries`: from hearing of a change to having written it to the sockets that follow it. `receivers`: those of
    webhooks.
    """

    system: System
    active: Mapping[tuple[RunKind, RunStatus], int]
    ended: Mapping[tuple[RunKind, RunStatus], int]
    bars: int
    store_writes: Timing
    store_reads: Timing
    deliveries: Timing
    receivers: Sequence[ReceiverFigures] = ()
