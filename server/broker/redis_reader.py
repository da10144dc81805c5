"""The one connection of a process that reads from Redis, for all that it subscribes to."""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import msgspec
from redis.asyncio import Connection
from redis.exceptions import RedisError

from server.broker.port import BrokerEvent, Deliver, Resync
from server.broker.redis_wire import decode_event

_log: Final = logging.getLogger(__name__)

BEAT_S: Final = 1.0
"""Between two beats of the reader's own heart, which travel over the bus like everything else."""
SILENCE_S: Final = 2.5
"""Without a word for this long the connection is given up: half-open links say nothing for ever."""
_ACKNOWLEDGED_S: Final = 1.0
"""For so long a subscription waits for Redis; then it goes on without, and resyncs when Redis answers."""
_FIRST_PAUSE_S: Final = 0.05
_LONGEST_PAUSE_S: Final = 1.0
_TROUBLE: Final = (RedisError, OSError, TimeoutError)


class _Channel:
    """Those who listen to a channel or pattern. `served`: somebody went on already, with or without Redis."""

    def __init__(self, *, pattern: bool) -> None:
        self.pattern = pattern
        self.listeners: list[Deliver] = []
        self.acknowledged = asyncio.Event()
        self.served = False


class RedisReader:
    """Subscriptions outlive connections: after every reconnect all are made again and told `Resync`.

    redis-py's own PubSub reconnects silently, which hides what was lost; therefore this works on a bare connection.
    """

    def __init__(
        self, make_connection: Callable[[], Connection], beat: Callable[[], Awaitable[None]], own: str
    ) -> None:
        self._make_connection = make_connection
        self._beat = beat
        self._own = own
        self._channels: dict[str, _Channel] = {}
        self._unanswered: Counter[str] = Counter()
        self._connection: Connection | None = None
        self._tried = asyncio.Event()
        self.trouble: str | None = "not connected yet"
        self.reconnects = 0

    @asynccontextmanager
    async def subscribed(self, name: str, deliver: Deliver, *, pattern: bool = False) -> AsyncIterator[None]:
        """Delivers what is published to a channel (or to those of a pattern) while it is entered."""
        channel = self._channels.get(name)
        is_new = channel is None
        if channel is None:
            channel = self._channels[name] = _Channel(pattern=pattern)
        channel.listeners.append(deliver)
        try:
            if is_new:
                await self._order(channel, name)
            try:
                async with asyncio.timeout(_ACKNOWLEDGED_S):
                    await channel.acknowledged.wait()
            except TimeoutError:
                _log.debug("going on before Redis has acknowledged", extra={"channel": name})
            channel.served = True
            yield
        finally:
            channel.listeners.remove(deliver)
            if not channel.listeners and self._channels.get(name) is channel:
                del self._channels[name]
                await self._send("PUNSUBSCRIBE" if channel.pattern else "UNSUBSCRIBE", name)

    async def tried(self) -> None:
        """Waits until it is known whether Redis is there."""
        await self._tried.wait()

    async def run(self) -> None:
        """Reads for ever, connecting again after every trouble."""
        pause_s = _FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            try:
                await self._read_one_connection()
            except _TROUBLE as error:
                if self.trouble is None:
                    _log.warning("Redis is away", extra={"reason": str(error)})
                self.trouble = str(error) or type(error).__name__
                self._tried.set()
            if time.monotonic() - began > SILENCE_S:
                pause_s = _FIRST_PAUSE_S
            await asyncio.sleep(random.uniform(pause_s / 2, pause_s))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    async def keep_beating(self) -> None:
        """Sends the beats that `run` listens for; one that fails is missed there, which is enough."""
        while True:
            try:
                await self._beat()
            except _TROUBLE as error:
                _log.debug("a beat failed", extra={"reason": str(error)})
            await asyncio.sleep(BEAT_S)

    async def _read_one_connection(self) -> None:
        connection = self._make_connection()
        try:
            async with asyncio.timeout(SILENCE_S):
                await connection.connect()  # type: ignore[no-untyped-call]  # redis-py types it in part
            self._unanswered.clear()
            self._connection = connection
            await self._send("SUBSCRIBE", self._own)
            for name, channel in list(self._channels.items()):
                channel.acknowledged.clear()
                await self._order(channel, name)
            await self._read(connection)
        finally:
            self._connection = None
            await connection.disconnect(nowait=True)

    async def _read(self, connection: Connection) -> None:
        while True:
            reply = await connection.read_response(timeout=SILENCE_S, disconnect_on_error=False)
            match reply:
                case [b"message", name, data]:
                    self._hear(name, data)
                case [b"pmessage", name, _, data]:
                    self._hear(name, data)
                case [b"subscribe" | b"psubscribe", name, _]:
                    self._acknowledge(name.decode())
                case [b"unsubscribe" | b"punsubscribe", *_]:
                    pass
                case None:
                    raise TimeoutError(f"no heartbeat for {SILENCE_S:g} s")
                case _:
                    raise RedisError(f"unexpected reply {reply!r}"[:200])

    # subscriptions on the wire

    async def _order(self, channel: _Channel, name: str) -> None:
        if self._connection is not None:
            self._unanswered[name] += 1
        await self._send("PSUBSCRIBE" if channel.pattern else "SUBSCRIBE", name)

    async def _send(self, *command: str) -> None:
        if self._connection is None:
            return  # the next connection begins with all subscriptions
        try:
            await self._connection.send_command(*command)
        except _TROUBLE as error:
            _log.debug("the reading side will find out too", extra={"reason": str(error)})

    def _acknowledge(self, name: str) -> None:
        if name == self._own:
            if self.trouble is not None and self.reconnects:
                _log.info("Redis is back")
            self.trouble = None
            self.reconnects += 1
            self._tried.set()
            return
        self._unanswered[name] -= 1
        channel = self._channels.get(name)
        if self._unanswered[name] > 0 or channel is None:
            return  # the answer to an earlier subscription of this name, which was ended since
        del self._unanswered[name]
        channel.acknowledged.set()
        if channel.served:
            self._tell(channel, Resync())

    # what is heard

    def _hear(self, name: bytes, data: bytes) -> None:
        channel = self._channels.get(name.decode())
        if channel is None:
            return  # a heartbeat, or what was on its way when the subscription ended
        try:
            event = decode_event(data)
        except msgspec.DecodeError as error:
            _log.warning("a message on the bus cannot be read", extra={"channel": name.decode(), "reason": str(error)})
            return
        self._tell(channel, event)

    def _tell(self, channel: _Channel, event: BrokerEvent) -> None:
        for deliver in tuple(channel.listeners):
            try:
                deliver(event)
            except Exception:  # noqa: BLE001  # the others are not to suffer from it
                _log.exception("a subscriber raised on news")
