"""Where an edge reads runs: in the broker, else from the owner."""

from collections.abc import Sequence

from server.broker.port import Broker
from server.contract.problems import ForgeError
from server.contract.run import RunSnapshot
from server.edge.owner import Owner


class EdgeDirectory:
    """Implements `runs.port.RunDirectory`."""

    def __init__(self, store_id: str, broker: Broker, owner: Owner) -> None:
        self._store_id = store_id
        self._broker = broker
        self._owner = owner

    @property
    def store_id(self) -> str:
        """The UUID of the owner's home."""
        return self._store_id

    async def snapshot(self, run_key: str, attempt: int | None = None) -> RunSnapshot | None:
        """As in the port. The broker's state is enough unless a later attempt is asked for, which only the owner
        knows of; while the broker is away the owner is asked, which is slower and just as true."""
        known = await self._from_broker(run_key)
        if known is not None and (attempt is None or known.run.attempt >= attempt):
            return known
        return await self._owner.snapshot(run_key, attempt)

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        """As in the port."""
        return await self._owner.active()

    async def _from_broker(self, run_key: str) -> RunSnapshot | None:
        if not self._broker.health().up:  # known to be away: asking would only take time
            return None
        try:
            return await self._broker.snapshot(run_key)
        except ForgeError:
            return None
