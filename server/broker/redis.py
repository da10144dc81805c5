"""The broker of several processes: Redis publish/subscribe with a snapshot beside each channel."""

import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, cast

from redis.asyncio import Connection, ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.background import in_background
from server.broker.port import BrokerHealth, Deliver, Published, RunRemoved, TopicChanged
from server.broker.redis_reader import RedisReader, as_bytes
from server.broker.redis_wire import PUBLISH, Names, decode_kept, encode_event, script_arguments
from server.contract.messages import Topic
from server.contract.problems import ForgeError
from server.contract.run import Revision, RunSnapshot

_log: Final = logging.getLogger(__name__)
_TIMEOUT_S: Final = 2.0
"""For connecting and for an answer: redis-py would retry for 15 s."""


class RedisBroker:
    """Implements server.broker.port.Broker inside `running()`."""

    def __init__(self, url: str, store_id: str) -> None:
        self._pool = ConnectionPool.from_url(
            url,
            protocol=2,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
        )
        self._redis = Redis(connection_pool=self._pool)
        self._publish_script = self._redis.register_script(PUBLISH)
        self._names = Names(store_id)
        own = self._names.heartbeat(uuid.uuid4().hex)
        self._reader = RedisReader(self._make_connection, lambda: self._beat(own), own)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Reads while it is entered; entered once it is known whether Redis is there."""
        try:
            async with in_background(self._reader.run(), self._reader.keep_beating()):
                await self._reader.tried()
                yield
        finally:
            await self._redis.aclose()
            await self._pool.disconnect()

    async def publish(self, snapshot: RunSnapshot) -> bool:
        """As in the port; ForgeError `broker_unavailable` when Redis cannot be asked."""
        return (await self.send([Published(snapshot)]))[0]

    async def remove(self, run_key: str, rev: Revision) -> None:
        """As in the port."""
        await self.send([RunRemoved(run_key, rev)])

    async def announce(self, topic: Topic, data: Any) -> None:
        """As in the port."""
        if topic == "runs":
            raise ValueError("the topic runs carries what is published, not announcements")
        await self.send([TopicChanged(topic, data)])

    async def send(self, events: Sequence[Published | RunRemoved | TopicChanged]) -> list[bool]:
        """Publishes several in one round trip, in order; False for each that was older than what is there."""
        if len(events) == 1:
            return [await self._ask(self._send_one(events[0], self._redis))]
        taken: list[bool] = await self._ask(self._send_all(events))
        return taken

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        """As in the port."""
        raw = await self._ask(cast("Awaitable[Any]", self._redis.hget(self._names.run(run_key), "p")))
        return decode_kept(as_bytes(raw))

    def subscribe(self, run_key: str, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """As in the port. While Redis is away it is entered after a second, and told `Resync` when Redis is back."""
        return self._reader.subscribed(self._names.run(run_key), deliver)

    def subscribe_topic(self, topic: Topic, deliver: Deliver) -> AbstractAsyncContextManager[None]:
        """The same for a topic."""
        if topic == "runs":
            return self._reader.subscribed(self._names.all_runs, deliver, pattern=True)
        return self._reader.subscribed(self._names.topic(topic), deliver)

    def health(self) -> BrokerHealth:
        """As the reading side knows it, which hears its own heart beat."""
        return BrokerHealth(name="redis", up=self._reader.trouble is None, detail=self._reader.trouble)

    async def ping(self) -> None:
        """Returns when Redis has answered; ForgeError `broker_unavailable`."""
        await self._ask(cast("Awaitable[Any]", self._redis.ping()))

    def _make_connection(self) -> Connection:
        return cast("Connection", self._pool.make_connection())  # type: ignore[no-untyped-call]  # as above

    async def _beat(self, own: str) -> None:
        await self._redis.publish(own, b"")

    async def _send_one(self, event: Published | RunRemoved | TopicChanged, redis: Redis) -> bool:
        if isinstance(event, TopicChanged):
            await redis.publish(self._names.topic(event.topic), encode_event(event))
            return True
        run_key = event.snapshot.run_key if isinstance(event, Published) else event.run_key
        taken = await self._publish_script(keys=[self._names.run(run_key)], args=script_arguments(event), client=redis)
        return bool(taken)

    async def _send_all(self, events: Sequence[Published | RunRemoved | TopicChanged]) -> list[bool]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for event in events:
                await self._send_one(event, pipe)
            answers = await pipe.execute()
        return [isinstance(event, TopicChanged) or bool(answer) for event, answer in zip(events, answers, strict=True)]

    async def _ask(self, work: Awaitable[Any]) -> Any:
        try:
            return await work
        except (RedisError, OSError, TimeoutError) as error:
            raise ForgeError("broker_unavailable", f"Redis does not answer: {error}", retry_after_s=1) from error
