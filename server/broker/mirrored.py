"""The owner's broker when there are edges: its own subscribers are told at once, Redis as soon as it takes it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, Protocol

from server.background import in_background
from server.broker.memory import MemoryBroker
from server.broker.outbox import Outbox
from server.broker.port import BrokerHealth, Deliver, Published, RunRemoved, TopicChanged
from server.contract.messages import Topic
from server.contract.problems import ForgeError
from server.contract.run import Revision, RunSnapshot

_log: Final = logging.getLogger(__name__)
_BATCH: Final = 200
_PING_S: Final = 1.0
_FIRST_PAUSE_S: Final = 0.1
_LONGEST_PAUSE_S: Final = 1.0


class Remote(Protocol):
    """Where states are sent."""

    async def send(self, events: list[Published | RunRemoved | TopicChanged]) -> list[bool]:
        """Sends in order; ForgeError `broker_unavailable`."""
        ...

    async def ping(self) -> None:
        """Returns when it has answered; ForgeError `broker_unavailable`."""
        ...


class MirroredBroker:
    """Implements server.broker.port.Broker inside `running()`.

    Nothing here waits for the remote: runs, store and the owner's subscribers go on while it is away. What waits for
    it is conflated; when it is back, all that is known here is sent again, since it may have lost its memory.
    """

    def __init__(self, local: MemoryBroker, remote: Remote) -> None:
        self._local = local
        self._remote = remote
        self._outbox = Outbox()
        self._trouble: str | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sends while it is entered, and what waits at the end if the remote takes it."""
        async with in_background(self._send()):
            yield
        await self._send_last()

    async def publish(self, snapshot: RunSnapshot) -> bool:
        """As in the port; never waits for the remote."""
        taken = await self._local.publish(snapshot)
        if taken:
            self._outbox.put(Published(snapshot))
        return taken

    async def remove(self, run_key: str, rev: Revision) -> None:
        """As in the port."""
        await self._local.remove(run_key, rev)
        self._outbox.put(RunRemoved(run_key, rev))

    async def announce(self, topic: Topic, data: Any) -> None:
        """As in the port."""
        await self._local.announce(topic, data)
        self._outbox.put(TopicChanged(topic, data))

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        """As in the port."""
        return await self._local.snapshot(run_key)

    def subscribe(self, run_key: str, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """As in the port."""
        return self._local.subscribe(run_key, deliver)

    def subscribe_topic(self, topic: Topic, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """As in the port."""
        return self._local.subscribe_topic(topic, deliver)

    def health(self) -> BrokerHealth:
        """Of the remote."""
        return BrokerHealth(name="redis", up=self._trouble is None, detail=self._trouble)

    async def _send(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                await self._send_or_ping()
            except ForgeError as error:
                if self._trouble is None:
                    _log.warning("Redis is away; runs go on", extra={"reason": error.detail})
                self._trouble = error.detail
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
                continue
            pause_s = _FIRST_PAUSE_S
            if self._trouble is not None:
                self._trouble = None
                _log.info("Redis is back")
                self._outbox.put_older(Published(snapshot) for snapshot in self._local.newest())

    async def _send_or_ping(self) -> None:
        if not self._outbox:
            try:
                async with asyncio.timeout(_PING_S):
                    await self._outbox.filled()
            except TimeoutError:
                await self._remote.ping()
                return
        batch = self._outbox.take(_BATCH)
        try:
            await self._remote.send(batch)
        except ForgeError:
            self._outbox.put_back(batch)
            raise

    async def _send_last(self) -> None:
        try:
            while batch := self._outbox.take(_BATCH):
                await self._remote.send(batch)
        except ForgeError as error:
            _log.warning("the last states could not be sent to Redis", extra={"reason": error.detail})
