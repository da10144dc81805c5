"""One WebSocket connection: moves frames between the socket and its session, and does what the session asks for."""

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Final, assert_never

from starlette.types import Receive, Send

from server.contract.problems import ForgeError
from server.live.bell import Bell
from server.live.codec import Codec
from server.live.effects import CloseCode, CloseRun, CloseTopic, OpenRun, OpenTopic
from server.live.feed import Feed
from server.live.framing import frame_of
from server.live.hub import Hub
from server.live.news import Change, News, Removal
from server.live.session import Session
from server.live.wire import Wire

if TYPE_CHECKING:
    from server.contract.messages import Topic
    from server.live.lane import Lane

_log: Final = logging.getLogger(__name__)
_BACKLOG: Final = 1_000
"""Unsent answers beyond which nothing more is read: who asks must also listen."""


class Connection:
    """Implements `feed.Follower` and `lane.Member`.

    Two tasks: one reads, one writes; what the hub delivers only wakes the writer. While nothing but updates of one run
    can come, and the socket takes them at once, it rests on that run's express lane, and neither task has work.
    """

    __slots__ = (
        "_gone",
        "_hub",
        "_lane",
        "_openings",
        "_receive",
        "_relieved",
        "_runs",
        "_send",
        "_sending_since",
        "_session",
        "_stall_s",
        "_tasks",
        "_topics",
        "_wake",
        "_wire",
    )

    def __init__(
        self, receive: Receive, send: Send, session: Session, hub: Hub, wire: Wire | None, *, stall_s: float
    ) -> None:
        self._receive = receive
        self._send = send
        self._session = session
        self._hub = hub
        self._stall_s = stall_s
        self._wire = wire
        self._lane: tuple[str, Lane] | None = None
        self._wake = Bell()
        self._relieved = Bell()
        self._sending_since: float | None = None
        self._gone = False
        self._runs: set[str] = set()
        self._topics: set[Topic] = set()
        self._openings: set[asyncio.Task[None]] = set()
        self._tasks = asyncio.TaskGroup()

    @property
    def subscriptions(self) -> int:
        """Runs and topics that the client has subscribed to."""
        return self._session.subscriptions

    @property
    def codec(self) -> Codec:
        """The form in which it speaks."""
        return self._session.codec

    # what the hub asks

    def deliver(self, item: News | Removal | Change) -> None:
        """Takes news; neither blocks nor raises."""
        left = self._leave_lane()
        if self._session.offer(item, time.monotonic()) or left:
            self._wake.set()

    def check_progress(self, now: float) -> None:
        """Ends the connection when its socket has taken nothing for too long."""
        since = self._sending_since
        if self._wire is not None and since is not None and now - since > self._stall_s:
            _log.info("a WebSocket that takes nothing was ended", extra={"seconds": round(now - since)})
            self._wire.abort(CloseCode.TOO_SLOW, "the socket takes nothing")

    def drain(self) -> None:
        """Asks the client to connect elsewhere."""
        self._leave_lane()
        self._session.close(CloseCode.RESTART, "the server restarts")
        self._wake.set()

    # the express lane

    def lose(self) -> None:
        """The socket takes no more for now; what comes meanwhile is conflated by the session."""
        self._leave_lane()

    def _enter_lane(self) -> None:
        if self._lane is not None or self._wire is None or not self._wire.is_ready:
            return
        if (express := self._session.express()) is None:
            return
        run_key, sent = express
        lane = self._hub.lane(run_key)
        if lane is not None and lane.enter(self, self._wire.writer, sent, self._wire.descriptor):
            self._lane = run_key, lane

    def _leave_lane(self) -> bool:
        if self._lane is None:
            return False
        run_key, lane = self._lane
        self._lane = None
        left = lane.leave(self)
        self._session.resume(run_key, left.sent)
        if left.missed is not None and self._session.offer(left.missed, time.monotonic()):
            self._wake.set()
        return True

    # its life

    async def run(self) -> None:
        """Serves an accepted socket until either side ends it."""
        self._hub.connections.add(self)
        if self._wire is not None:
            self._wire.on_blocked = self.lose
        try:
            async with self._tasks:
                reading = self._tasks.create_task(self._read())
                await self._write()
                reading.cancel()
                for opening in self._openings:
                    opening.cancel()
        finally:
            self._leave_lane()
            if self._wire is not None:
                self._wire.on_blocked = None
            self._hub.connections.discard(self)
            for run_key in self._runs:
                self._hub.leave_run(self, run_key)
            for topic in self._topics:
                self._hub.leave_topic(self, topic)

    async def _read(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                self._gone = True
                self._wake.set()
                return
            text = message.get("text")
            frame: str | bytes = text if text is not None else message["bytes"]
            self._leave_lane()
            self._session.frame_received(frame, time.monotonic())
            self._wake.set()
            while self._session.backlog > _BACKLOG and not self._gone:
                self._relieved.clear()
                await self._relieved.wait()

    async def _write(self) -> None:
        while not self._gone:
            self._wake.clear()
            self._carry_out()
            if not await self._until_ready():
                return
            frame = self._session.next_frame(time.monotonic())
            if frame is not None:
                await self._push_frame(frame)
                self._relieved.set()
            elif (closing := self._session.closing) is not None:
                await self._push({"type": "websocket.close", "code": closing.code, "reason": closing.reason})
                return
            else:
                await self._pause()

    async def _until_ready(self) -> bool:
        """Waits before a frame is made, not after: a slow reader gets the newest then. False when it is gone."""
        if self._wire is None or self._wire.is_ready:
            return True
        self._sending_since = time.monotonic()
        try:
            await self._wire.ready()
        finally:
            self._sending_since = None
        return self._wire.is_ready  # or it was aborted, or the peer is gone: there is nobody to tell

    async def _push_frame(self, payload: bytes) -> None:
        if self._wire is not None and self._wire.is_ready:
            self._wire.writer(frame_of(payload, is_text=self.codec.is_text))
        elif self.codec.is_text:
            await self._push({"type": "websocket.send", "text": payload.decode()})
        else:
            await self._push({"type": "websocket.send", "bytes": payload})

    async def _push(self, message: dict[str, object]) -> None:
        self._sending_since = time.monotonic()
        try:
            await self._send(message)
        except OSError:  # the peer went away while something was on the way to it
            self._gone = True
        finally:
            self._sending_since = None

    async def _pause(self) -> None:
        due = self._session.next_due()
        if due is None:
            self._enter_lane()
            await self._wake.wait()
            return
        try:
            async with asyncio.timeout(max(0.0, due - time.monotonic())):
                await self._wake.wait()
        except TimeoutError:
            return

    def _carry_out(self) -> None:
        for effect in self._session.take_effects():
            match effect:
                case OpenRun():
                    # Followed before anything is awaited: a later unsubscribe must find it.
                    feed = self._hub.join_run(self, effect.run_key)
                    self._runs.add(effect.run_key)
                    self._begin(self._open_run(effect, feed))
                case CloseRun(run_key):
                    self._runs.discard(run_key)
                    self._hub.leave_run(self, run_key)
                case OpenTopic():
                    feed = self._hub.join_topic(self, effect.topic)
                    self._topics.add(effect.topic)
                    self._begin(self._open_topic(effect, feed))
                case CloseTopic(topic):
                    self._topics.discard(topic)
                    self._hub.leave_topic(self, topic)
                case _:
                    assert_never(effect)

    def _begin(self, opening: Coroutine[None, None, None]) -> None:
        task = self._tasks.create_task(opening)
        self._openings.add(task)
        task.add_done_callback(self._openings.discard)

    async def _open_run(self, order: OpenRun, feed: Feed) -> None:
        try:
            await feed.acknowledged()
            news = await self._hub.read_run(order.run_key, order.attempt)
        except ForgeError as error:
            self._leave_lane()
            self._session.run_failed(order, error)
        else:
            # What was told on the lane meanwhile must not be told again.
            self._leave_lane()
            self._session.run_opened(order, news, time.monotonic())
        self._wake.set()

    async def _open_topic(self, order: OpenTopic, feed: Feed) -> None:
        try:
            await feed.acknowledged()
            active = await self._hub.active() if order.topic == "runs" else []
        except ForgeError as error:
            self._leave_lane()
            self._session.topic_failed(order, error)
        else:
            self._leave_lane()
            self._session.topic_opened(order, active, time.monotonic())
        self._wake.set()
