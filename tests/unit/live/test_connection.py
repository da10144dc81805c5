"""One connection between a socket and the hub."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import Message

from server.live.connection import Connection
from server.live.effects import CloseCode
from server.live.options import LiveOptions
from server.live.session import Session
from tests.hub_house import House, Listener
from tests.session_driver import messages_of
from tests.states import OTHER, RUN, state_of


def payload_of(frame: bytes) -> bytes:
    """What a frame of the server carries."""
    size = frame[1]
    return frame[{126: 4, 127: 10}.get(size, 2) :]


class Socket:
    """An accepted socket, both as ASGI and as a Wire; `takes` is cleared when its peer reads nothing."""

    def __init__(self) -> None:
        self.on_blocked: Callable[[], None] | None = None
        self.aborted: list[CloseCode] = []
        self.was_aborted = asyncio.Event()
        self.takes = asyncio.Event()
        self.takes.set()
        self.sending = asyncio.Event()
        self.heard: list[Any] = []
        self.closed_with: int | None = None
        self.frames: asyncio.Queue[Message] = asyncio.Queue()
        self.broken = False
        self._came = asyncio.Event()

    async def receive(self) -> Message:
        return await self.frames.get()

    async def send(self, message: Message) -> None:
        self.sending.set()
        await self.takes.wait()
        if self.broken:
            raise ConnectionResetError
        if message["type"] == "websocket.close":
            self.closed_with = message["code"]
        else:
            self.heard += messages_of(message["text"].encode())
        self._came.set()

    @property
    def is_ready(self) -> bool:
        return self.takes.is_set() and not self.broken

    @property
    def writer(self) -> Callable[[bytes], None]:
        return self._write

    def _write(self, frame: bytes) -> None:
        self.heard += messages_of(payload_of(frame))
        self._came.set()

    @property
    def descriptor(self) -> int:
        return -1

    async def ready(self) -> None:
        self.sending.set()
        await self.takes.wait()

    def abort(self, code: CloseCode, reason: str) -> None:
        self.aborted.append(code)
        self.was_aborted.set()

    def block(self) -> None:
        """From now on its peer reads nothing."""
        self.takes.clear()
        assert self.on_blocked is not None
        self.on_blocked()

    def say(self, type_: str, **fields: Any) -> None:
        self.frames.put_nowait({"type": "websocket.receive", "text": json.dumps({"type": type_, "id": 1} | fields)})

    def hang_up(self) -> None:
        self.frames.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def until(self, **wanted: Any) -> Any:
        """The first message with these attributes."""
        while True:
            for message in self.heard:
                if all(getattr(message, name, None) == value for name, value in wanted.items()):
                    return message
            self._came.clear()
            await self._came.wait()


class Line:
    """A socket, its connection, and the task that serves it."""

    def __init__(self, house: House, *, solo: str | None = None, **options: Any) -> None:
        self.socket = Socket()
        told = LiveOptions(**options)
        session = Session(told, store_id="home", now=asyncio.get_running_loop().time(), solo=solo is not None)
        if solo is not None:
            session.follow(solo, 0, asyncio.get_running_loop().time())
        self.connection = Connection(
            self.socket.receive,
            self.socket.send,
            session,
            house.hub,
            self.socket if house.wired else None,
            stall_s=told.stall_s,
        )
        self.task = asyncio.create_task(self.connection.run())

    async def over(self) -> None:
        async with asyncio.timeout(5):
            await self.task


@pytest.fixture(params=[True, False], ids=["wire", "asgi"])
async def house(request: pytest.FixtureRequest, house: House) -> House:
    """Sockets that are written to directly, and those that only ASGI reaches."""
    house.wired = request.param
    return house


@pytest.fixture
async def wired(house: House) -> House:
    """Sockets that can be aborted."""
    house.wired = True
    return house


@asynccontextmanager
async def connected(house: House, **options: Any) -> AsyncIterator[Line]:
    """One that is hung up at the end."""
    line = Line(house, **options)
    try:
        yield line
    finally:
        line.socket.takes.set()
        line.socket.hang_up()
        await line.over()


async def test_a_run_is_followed_from_its_snapshot_to_its_end(house: House) -> None:
    await house.publish(state_of(rev=(1, 1)))
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN, id="mine")
        await line.socket.until(id="mine", rev=(1, 1))
        await house.publish(state_of(rev=(1, 2)))
        await line.socket.until(rev=(1, 2))
        await house.publish(state_of(rev=(1, 3), status="Completed"))
        await line.socket.until(rev=(1, 3), final=True)
        await house.broker.until(lambda: house.broker.open == [])
        assert line.connection.subscriptions == 0


async def test_a_state_published_before_the_acknowledgement_is_in_the_snapshot(house: House) -> None:
    house.broker.gate.clear()
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN)
        await house.broker.until(lambda: house.broker.opened == [RUN])
        await house.publish(state_of(rev=(1, 7)))
        house.broker.gate.set()
        await line.socket.until(rev=(1, 7))


async def test_a_state_published_while_the_snapshot_is_read_is_not_missed(house: House) -> None:
    await house.publish(state_of(rev=(1, 1)))
    house.directory.gate.clear()
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN, id="mine")
        await house.directory.read.wait()
        await house.broker.publish(state_of(rev=(1, 2), status="Completed"))
        house.directory.gate.set()
        await line.socket.until(id="mine", rev=(1, 2), final=True)


async def test_subscribing_and_unsubscribing_at_once_follows_nothing(house: House) -> None:
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN)
        line.socket.say("subscribe", topic="runs")
        line.socket.say("unsubscribe", runKey=RUN)
        line.socket.say("unsubscribe", topic="runs")
        line.socket.say("ping", id="last")
        await line.socket.until(id="last")
        await house.broker.until(lambda: house.broker.open == [])


async def test_an_unknown_run_is_an_error_and_the_connection_lives(house: House) -> None:
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN, id="x")
        await line.socket.until(id="x", code="run_not_found")
        line.socket.say("ping", id="still here")
        await line.socket.until(id="still here")
        await house.broker.until(lambda: house.broker.open == [])


async def test_a_broker_that_is_away_is_an_error_and_the_next_try_may_succeed(house: House) -> None:
    await house.publish(state_of())
    house.broker.refusal[RUN] = ConnectionRefusedError()
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN, id="first")
        error = await line.socket.until(id="first")
        assert (error.code, error.retryable) == ("broker_unavailable", True)
        del house.broker.refusal[RUN]
        line.socket.say("subscribe", runKey=RUN, id="second")
        await line.socket.until(id="second", rev=(1, 1))


async def test_the_topic_lists_active_runs_and_tells_of_new_ones(house: House) -> None:
    await house.publish(state_of())
    async with connected(house) as line:
        line.socket.say("subscribe", topic="runs", id="t")
        answer = await line.socket.until(id="t")
        assert [run.run_key for run in answer.runs] == [RUN]
        await house.publish(state_of(OTHER, status="Pending"))
        await line.socket.until(run_key=OTHER)


async def test_what_waits_for_the_topics_pace_is_sent_when_it_is_due(house: House) -> None:
    async with connected(house, topic_interval_s=0.02) as line:
        line.socket.say("subscribe", topic="runs", id="t")
        await line.socket.until(id="t")
        await house.publish(state_of(rev=(1, 1)))
        await line.socket.until(rev=(1, 1))
        await house.publish(state_of(rev=(1, 2)))
        await line.socket.until(rev=(1, 2))


async def test_a_slow_reader_gets_the_newest_and_delays_nobody(house: House) -> None:
    await house.publish(state_of(rev=(1, 1)))
    other = Listener()
    await house.hub.join_run(other, RUN).acknowledged()
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN)
        await line.socket.until(rev=(1, 1))
        line.socket.takes.clear()
        for seq in range(2, 102):
            await house.publish(state_of(rev=(1, seq)))
            await other.until_rev((1, seq))
        before = len(line.socket.heard)
        line.socket.takes.set()
        await line.socket.until(rev=(1, 101))
        assert len(line.socket.heard) - before <= 2, "the one under way, and the newest"


async def test_one_that_asks_and_does_not_read_is_read_no_more(house: House) -> None:
    async with connected(house) as line:
        line.socket.takes.clear()
        await line.socket.sending.wait()
        for _ in range(5000):
            line.socket.say("ping")
        for _ in range(6000):
            await asyncio.sleep(0)  # whoever reads would have read all of it by now
        assert line.socket.frames.qsize() > 3000
        line.socket.takes.set()
        line.socket.say("ping", id="last")
        await line.socket.until(id="last")


async def test_a_socket_that_takes_nothing_is_aborted(wired: House) -> None:
    async with connected(wired, stall_s=10) as line:
        line.socket.takes.clear()
        line.socket.say("ping")
        await line.socket.sending.wait()
        now = asyncio.get_running_loop().time()
        line.connection.check_progress(now + 9)
        assert line.socket.aborted == []
        line.connection.check_progress(now + 11)
        assert line.socket.aborted == [CloseCode.TOO_SLOW]


async def test_an_idle_socket_is_never_aborted(house: House) -> None:
    async with connected(house, stall_s=10) as line:
        line.socket.say("ping", id="p")
        await line.socket.until(id="p")
        line.connection.check_progress(asyncio.get_running_loop().time() + 1000)
        assert line.socket.aborted == []


async def test_the_hub_looks_for_sockets_that_take_nothing() -> None:
    house = House(refresh_s=1000, stall_s=0.02)
    async with asyncio.timeout(5), house.hub.running(), connected(house, stall_s=0.02) as line:
        line.socket.takes.clear()
        line.socket.say("ping")
        await line.socket.was_aborted.wait()
        assert line.socket.aborted[0] == CloseCode.TOO_SLOW


async def test_draining_closes_with_1012(house: House) -> None:
    line = Line(house)
    line.socket.say("ping", id="p")
    await line.socket.until(id="p")
    house.hub.drain()
    await line.over()
    assert line.socket.closed_with == 1012


async def test_a_binary_frame_closes_with_1003(house: House) -> None:
    line = Line(house)
    line.socket.frames.put_nowait({"type": "websocket.receive", "bytes": b"{}", "text": None})
    await line.over()
    assert line.socket.closed_with == 1003


async def test_the_single_run_form_closes_with_1000_after_the_end(house: House) -> None:
    await house.publish(state_of())
    line = Line(house, solo=RUN)
    await line.socket.until(rev=(1, 1))
    await house.publish(state_of(rev=(1, 2), status="Failed"))
    await line.over()
    assert [message.rev for message in line.socket.heard] == [(1, 1), (1, 2)]
    assert line.socket.closed_with == 1000


async def test_an_abrupt_end_leaves_nothing_behind(house: House) -> None:
    await house.publish(state_of())
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN)
        line.socket.say("subscribe", topic="runs", id="t")
        await line.socket.until(id="t")
        await house.broker.until(lambda: sorted(house.broker.open) == sorted([RUN, "runs"]))
        assert house.hub.counts() == (1, 2)
    await house.broker.until(lambda: house.broker.open == [])
    assert house.hub.counts() == (0, 0)


async def test_an_end_while_a_snapshot_is_read_leaves_nothing_behind(house: House) -> None:
    house.directory.gate.clear()
    async with connected(house) as line:
        line.socket.say("subscribe", runKey=RUN)
        await house.directory.read.wait()
    await house.broker.until(lambda: house.broker.open == [])
    house.directory.gate.set()
    assert house.hub.counts() == (0, 0)


async def test_a_peer_that_went_away_under_a_frame_is_no_error(house: House) -> None:
    line = Line(house)
    line.socket.broken = True
    await line.socket.sending.wait()
    line.socket.hang_up()
    await line.over()
    assert house.hub.counts() == (0, 0)


async def test_a_thousand_subscriptions_that_came_and_went_leave_nothing_behind(house: House) -> None:
    await house.publish(state_of())
    before = len(asyncio.all_tasks())
    async with connected(house) as line:
        for number in range(1000):
            line.socket.say("subscribe", runKey=RUN, id=f"s{number}")
            line.socket.say("unsubscribe", runKey=RUN, id=f"u{number}")
        await line.socket.until(id="u999")
        await house.broker.until(lambda: house.broker.open == [])
    for _ in range(10):
        await asyncio.sleep(0)  # what was told to end ends
    assert len(asyncio.all_tasks()) == before


# the express lane


async def on_the_lane(house: House, line: Line) -> None:
    """Once its writer has nothing left to do."""
    for _ in range(1000):
        if line.connection in (house.hub.lane(RUN) or ()):
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to rest on the lane")


async def resting(house: House, line: Line) -> None:
    """Follows the run, and is told of it on the lane from now on."""
    await house.publish(state_of(rev=(1, 1)))
    line.socket.say("subscribe", runKey=RUN)
    await line.socket.until(rev=(1, 1))
    await house.publish(state_of(rev=(1, 2)))
    await line.socket.until(rev=(1, 2))
    await on_the_lane(house, line)


async def test_one_that_knows_the_newest_rests_on_the_lane_and_is_told_there(wired: House) -> None:
    async with connected(wired) as line:
        await resting(wired, line)
        await wired.publish(state_of(rev=(1, 3)))
        await line.socket.until(rev=(1, 3))
        assert line.connection in (wired.hub.lane(RUN) or ())


async def test_a_blocked_one_leaves_the_lane_and_later_gets_the_newest_alone(wired: House) -> None:
    async with connected(wired) as line, connected(wired) as other:
        await resting(wired, line)
        other.socket.say("subscribe", runKey=RUN)
        await other.socket.until(rev=(1, 2))
        line.socket.block()
        for seq in range(3, 10):
            await wired.publish(state_of(rev=(1, seq)))
            await other.socket.until(rev=(1, seq))
        line.socket.takes.set()
        await line.socket.until(rev=(1, 9))
        assert [message.rev.seq for message in line.socket.heard if getattr(message, "rev", None)] == [1, 2, 9]


async def test_an_answer_between_two_states_of_the_lane_keeps_their_order(wired: House) -> None:
    async with connected(wired) as line:
        await resting(wired, line)
        await wired.publish(state_of(rev=(1, 3)))
        await line.socket.until(rev=(1, 3))
        line.socket.say("subscribe", runKey=RUN, id="again")
        answer = await line.socket.until(id="again")
        assert answer.rev == (1, 3)
        assert answer.current is True
        await wired.publish(state_of(rev=(1, 4)))
        await line.socket.until(rev=(1, 4))


async def test_an_end_leaves_the_lane_empty_and_is_told_once(wired: House) -> None:
    async with connected(wired) as line:
        await resting(wired, line)
        await wired.publish(state_of(rev=(1, 3), status="Completed"))
        end = await line.socket.until(rev=(1, 3))
        assert end.final
        assert wired.hub.lane(RUN) is None, "nobody follows the run any more"
        assert [getattr(message, "rev", None) for message in line.socket.heard].count((1, 3)) == 1


async def test_the_next_attempt_is_introduced_to_those_on_the_lane(wired: House) -> None:
    async with connected(wired) as line:
        await wired.publish(state_of(rev=(1, 1)))
        line.socket.say("subscribe", runKey=RUN, attempt=1)
        await line.socket.until(rev=(1, 1))
        await wired.publish(state_of(rev=(1, 2)))
        await line.socket.until(rev=(1, 2))
        await wired.publish(state_of(rev=(2, 1), attempt=2))
        introduced = await line.socket.until(rev=(2, 1))
        assert introduced.run.attempt == 2


async def test_one_whose_socket_breaks_does_not_stop_the_others(wired: House) -> None:
    async with connected(wired) as line, connected(wired) as other:
        await resting(wired, line)
        await resting_too(wired, other)

        def break_(frame: bytes) -> None:
            raise RuntimeError("the handle is closed")

        line.socket._write = break_  # type: ignore[method-assign]  # how uvloop behaves on a closed handle
        lane = wired.hub.lane(RUN)
        assert lane is not None
        left = lane.leave(line.connection)
        assert lane.enter(line.connection, line.socket.writer, left.sent)
        await wired.publish(state_of(rev=(1, 5)))
        await other.socket.until(rev=(1, 5))
        assert line.connection not in lane


async def resting_too(house: House, line: Line) -> None:
    """Another one on the lane of the same run."""
    line.socket.say("subscribe", runKey=RUN)
    await line.socket.until(rev=(1, 2))
    await house.publish(state_of(rev=(1, 4)))
    await line.socket.until(rev=(1, 4))
    await on_the_lane(house, line)
