"""The broker of several processes: Redis publish/subscribe with a state beside each channel."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Self

from server.background import in_background
from server.broker.port import BrokerHealth, Deliver, Published, RunRemoved, TopicChanged
from server.broker.redis_commands import RedisCommands
from server.broker.redis_reader import RedisReader
from server.contract.messages import Topic
from server.contract.run import Revision, RunSnapshot


class RedisBroker:
    """Implements server.broker.port.Broker inside `connected()`."""

    def __init__(self, commands: RedisCommands) -> None:
        self._commands = commands
        own = commands.names.heartbeat(uuid.uuid4().hex)
        self._reader = RedisReader(commands.make_connection, lambda: commands.beat(own), own)

    @classmethod
    @asynccontextmanager
    async def connected(cls, url: str, store_id: str) -> AsyncIterator[Self]:
        """Reads as long as the block lasts; entered once it is known whether Redis is there."""
        async with RedisCommands.connected(url, store_id) as commands:
            broker = cls(commands)
            async with in_background(broker._reader.run(), broker._reader.keep_beating()):
                await broker._reader.tried()
                yield broker

    async def publish(self, snapshot: RunSnapshot) -> bool:
        """As in the port; ForgeError `broker_unavailable` when Redis cannot be asked."""
        return (await self._commands.send([Published(snapshot)]))[0]

    async def remove(self, run_key: str, rev: Revision) -> None:
        """As in the port."""
        await self._commands.send([RunRemoved(run_key, rev)])

    async def announce(self, topic: Topic, data: Any) -> None:
        """As in the port."""
        if topic == "runs":
            raise ValueError("the topic runs carries what is published, not announcements")
        await self._commands.send([TopicChanged(topic, data)])

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        """As in the port."""
        return await self._commands.snapshot(run_key)

    def subscribe(self, run_key: str, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """As in the port. While Redis is away it is entered after a second, and told `Resync` when Redis is back."""
        return self._reader.subscribed(self._commands.names.run(run_key), deliver)

    def subscribe_topic(self, topic: Topic, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """The same for a topic."""
        if topic == "runs":
            return self._reader.subscribed(self._commands.names.all_runs, deliver, pattern=True)
        return self._reader.subscribed(self._commands.names.topic(topic), deliver)

    def health(self) -> BrokerHealth:
        """As the reading side knows it, which hears its own heart beat."""
        return BrokerHealth(name="redis", up=self._reader.trouble is None, detail=self._reader.trouble)
