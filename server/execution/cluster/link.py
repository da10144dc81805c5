"""The owner's connection to a scheduler, made again whenever it is lost."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable, Container
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, NamedTuple

from distributed import Client
from distributed.scheduler import KilledWorker
from distributed.security import Security

from server.execution.cluster.entry import perform
from server.execution.cluster.orders import Answer, Order, Told, decode_answer, decode_told, encode
from server.execution.cluster.signature import PREFIX, signature
from server.execution.cluster.trust import ClusterRefused, check_reach

_log: Final = logging.getLogger(__name__)
_LOOK_S: Final = 1.0
_CONNECT_S: Final = 3.0
_CLOSE_S: Final = 2.0
_LONGEST_PAUSE_S: Final = 5.0
_RESTART_S: Final = 20.0


class ClusterLost(Exception):
    """The scheduler went away with all that it was asked for."""


class HostsDied(Exception):
    """Dask gave a task to one worker after the other, and each was lost with it."""


class Hosts(NamedTuple):
    """Workers of the cluster: the slots of those that take this server's tasks, and who takes none and why."""

    slots: dict[str, int]
    others: dict[str, str]


class ClusterLink:
    """At most one client of Dask at a time. `hosts` is what was last known; empty while there is no connection."""

    def __init__(
        self,
        url: str,
        security: Security,
        topic: str,
        *,
        on_told: Callable[[Told], None],
        on_change: Callable[[], None],
    ) -> None:
        """`on_told` hears the progress that hosts tell under `topic`, `on_change` that there are other hosts."""
        self.url: Final = url
        self.hosts = Hosts({}, {})
        self._security = security
        self._topic = topic
        self._on_told = on_told
        self._on_change = on_change
        self._resource = signature()
        self._client: asyncio.Future[Client] = asyncio.get_running_loop().create_future()

    @property
    def connected(self) -> bool:
        """Whether the scheduler answers."""
        return self._client.done()

    async def run(self) -> None:
        """Connects, for ever."""
        pause_s = 0.1
        while True:
            try:
                async with self._connected() as client:
                    pause_s = 0.1
                    await self._look_after(client)
            except (OSError, ImportError, ClusterRefused) as error:
                _log.warning(
                    "the cluster does not answer; runs wait until it does",
                    extra={"cluster": self.url, "reason": str(error) or type(error).__name__},
                )
            self._know(Hosts({}, {}))
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def perform(self, order: Order, avoided: Container[str] = ()) -> Answer:
        """Has one of the hosts carry out an order, none of those `avoided` if there is another; waits for a connection.

        ClusterLost, HostsDied.
        """
        client = await asyncio.shield(self._client)
        if client.status != "running":
            raise ClusterLost
        others = [address for address in self.hosts.slots if address not in avoided]
        try:
            future = client.submit(
                perform,
                encode(order),
                key=f"{PREFIX}-{uuid.uuid4().hex}",  # of this try alone: under an old key Dask gives the old answer
                resources={self._resource: 1},
                workers=others if 0 < len(others) < len(self.hosts.slots) else None,
                pure=False,
            )
            try:
                outcome = await future._result(raiseit=False)  # the public way raises CancelledError, as a cancel does
            finally:
                future.release()
        except KilledWorker as error:
            raise HostsDied(str(error)) from error
        except Exception as error:  # distributed raises a dozen others where the connection goes meanwhile
            raise ClusterLost from error
        if isinstance(outcome, bytes):
            return decode_answer(outcome)
        if isinstance(outcome, tuple):  # type, error and traceback of what went wrong with the task itself
            raise HostsDied(str(outcome[1])) from outcome[1]
        raise ClusterLost

    async def restart(self, host: str) -> None:
        """Starts the process of a host anew, with all that it does."""
        if not self._client.done():
            return
        try:
            await self._client.result().restart_workers([host], timeout=_RESTART_S, raise_for_error=False)
        except Exception as error:  # noqa: BLE001  # it is gone already, has nobody to start it, or the cluster is lost
            _log.warning("a host could not be restarted", extra={"worker": host, "reason": repr(error)})

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Client]:
        await check_reach(self.url)
        client = Client(
            self.url, asynchronous=True, security=self._security, timeout=_CONNECT_S, set_as_default=False, name=PREFIX
        )
        try:
            await client
            client.subscribe_topic(self._topic, self._told)
            yield client
        finally:
            self._client = asyncio.get_running_loop().create_future() if self._client.done() else self._client
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(client.close(timeout=_CLOSE_S), 2 * _CLOSE_S)

    async def _look_after(self, client: Client) -> None:
        """Watches who there is until the scheduler is gone, or another one in its place: OSError."""
        scheduler = None
        while client.status == "running":
            about = await asyncio.wait_for(client.scheduler.identity(n_workers=-1), _CONNECT_S)
            if scheduler not in (None, about["id"]):
                raise ConnectionResetError("the scheduler was started anew")
            scheduler = about["id"]
            self._know(self._found(about["workers"]))
            if not self._client.done():
                self._client.set_result(client)
                _log.info(
                    "connected to the cluster", extra={"cluster": self.url, "slots": sum(self.hosts.slots.values())}
                )
            await asyncio.sleep(_LOOK_S)
        raise ConnectionResetError("the connection was lost")

    def _found(self, workers: dict[str, Any]) -> Hosts:
        slots = {}
        others = {}
        for address, worker in workers.items():
            resources = worker["resources"]
            if self._resource in resources and worker["status"] == "running":
                slots[address] = int(resources[self._resource])
            elif self._resource not in resources:
                others[address] = next((name for name in resources if name.startswith(PREFIX)), "no `forge worker`")
        return Hosts(slots, others)

    def _know(self, hosts: Hosts) -> None:
        if hosts == self.hosts:
            return
        for address in hosts.others.keys() - self.hosts.others.keys():
            _log.warning(
                "a worker of the cluster is left alone: it runs something else",
                extra={"worker": address, "runs": hosts.others[address], "wanted": self._resource},
            )
        self.hosts = hosts
        self._on_change()

    def _told(self, event: tuple[float, bytes]) -> None:
        self._on_told(decode_told(event[1]))
