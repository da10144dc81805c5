"""What is asked of Redis and answered: publishing, reading states, signs of life."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self, cast

from redis.asyncio import Connection, ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.broker.port import Published, RunRemoved, TopicChanged
from server.broker.redis_wire import PUBLISH, Names, decode_kept, encode_event, script_arguments
from server.contract.problems import ForgeError
from server.contract.run import RunSnapshot

_TIMEOUT_S: Final = 2.0
"""For connecting and for an answer: redis-py would retry for 15 s."""

Event = Published | RunRemoved | TopicChanged


class RedisCommands:
    """Implements `mirrored.Remote`. Everything raises ForgeError `broker_unavailable` while Redis is away."""

    def __init__(self, url: str, store_id: str) -> None:
        self.names = Names(store_id)
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

    @classmethod
    @asynccontextmanager
    async def connected(cls, url: str, store_id: str) -> AsyncIterator[Self]:
        """Its connections are made when they are needed, and closed at the end of the block."""
        commands = cls(url, store_id)
        try:
            yield commands
        finally:
            await commands._redis.aclose()
            await commands._pool.disconnect()

    def make_connection(self) -> Connection:
        """One more connection, for reading what is published; not connected yet."""
        return cast("Connection", self._pool.make_connection())  # type: ignore[no-untyped-call]  # typed in part

    async def send(self, events: Sequence[Event]) -> list[bool]:
        """Publishes in one round trip, in order; False for each that was older than what is there."""
        if len(events) == 1:
            return [await self._ask(self._send_one(events[0], self._redis))]
        taken: list[bool] = await self._ask(self._send_all(events))
        return taken

    async def snapshot(self, run_key: str) -> RunSnapshot | None:
        """The newest published state."""
        raw = await self._ask(cast("Awaitable[Any]", self._redis.hget(self.names.run(run_key), "p")))
        return decode_kept(raw if isinstance(raw, bytes) else None)

    async def ping(self) -> None:
        """Returns when Redis has answered."""
        await self._ask(cast("Awaitable[Any]", self._redis.ping()))

    async def beat(self, channel: str) -> None:
        """Publishes a sign of life; raises what redis-py raises."""
        await self._redis.publish(channel, b"")

    async def _send_one(self, event: Event, redis: Redis) -> bool:
        if isinstance(event, TopicChanged):
            await redis.publish(self.names.topic(event.topic), encode_event(event))
            return True
        run_key = event.snapshot.run_key if isinstance(event, Published) else event.run_key
        taken = await self._publish_script(keys=[self.names.run(run_key)], args=script_arguments(event), client=redis)
        return bool(taken)

    async def _send_all(self, events: Sequence[Event]) -> list[bool]:
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
