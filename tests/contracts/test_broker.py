"""What every broker does with states, removals and announcements."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import pytest

from server.broker.choose import open_broker
from server.broker.memory import MemoryBroker
from server.broker.port import Broker, BrokerEvent, Published, RunRemoved, TopicChanged
from server.broker.redis import RedisBroker
from server.contract.messages import Topic
from server.contract.run import Revision
from tests.redis_server import RedisServer, redis_server
from tests.states import OTHER, RUN, state_of

OpenBroker = Callable[[str], AbstractAsyncContextManager[Broker]]


@asynccontextmanager
async def memory(_: str) -> AsyncIterator[Broker]:
    yield MemoryBroker()


@asynccontextmanager
async def redis(url: str) -> AsyncIterator[Broker]:
    async with RedisBroker.connected(url, uuid.uuid4().hex) as broker:
        yield broker


@asynccontextmanager
async def mirrored(url: str) -> AsyncIterator[Broker]:
    async with open_broker(url, uuid.uuid4().hex) as broker:
        yield broker


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One for all: each broker has a store of its own on it."""
    with redis_server(tmp_path_factory.mktemp("redis")) as started:
        yield started


@pytest.fixture(params=[memory, redis, mirrored])
async def broker(request: pytest.FixtureRequest, server: RedisServer) -> AsyncIterator[Broker]:
    """An empty one."""
    open_broker: OpenBroker = request.param
    async with asyncio.timeout(10), open_broker(server.url) as opened:
        yield opened


class Inbox:
    """What one subscription brought, in order."""

    def __init__(self) -> None:
        self.events: list[BrokerEvent] = []
        self._came = asyncio.Event()

    def deliver(self, event: BrokerEvent) -> None:
        self.events.append(event)
        self._came.set()

    async def first(self, number: int) -> list[BrokerEvent]:
        """The first events, once that many have come."""
        while len(self.events) < number:
            self._came.clear()
            await self._came.wait()
        return self.events[:number]


class Subscribers:
    """Subscriptions that last as long as the test."""

    def __init__(self, broker: Broker, stack: AsyncExitStack) -> None:
        self._broker = broker
        self._stack = stack

    async def of(self, run_key: str) -> Inbox:
        inbox = Inbox()
        await self._stack.enter_async_context(self._broker.subscribe(run_key, inbox.deliver))
        return inbox

    async def of_topic(self, topic: Topic) -> Inbox:
        inbox = Inbox()
        await self._stack.enter_async_context(self._broker.subscribe_topic(topic, inbox.deliver))
        return inbox


@pytest.fixture
async def subscribers(broker: Broker) -> AsyncIterator[Subscribers]:
    async with AsyncExitStack() as stack:
        yield Subscribers(broker, stack)


def published(rev: tuple[int, int], run_key: str = RUN) -> Published:
    return Published(state_of(run_key, rev))


# states


async def test_a_published_state_is_the_snapshot(broker: Broker) -> None:
    assert await broker.snapshot(RUN) is None
    assert await broker.publish(state_of(rev=(1, 1)))
    assert await broker.publish(state_of(rev=(1, 2)))
    assert await broker.snapshot(RUN) == state_of(rev=(1, 2))
    assert await broker.snapshot(OTHER) is None


@pytest.mark.parametrize("late", [(2, 5), (2, 4), (1, 99)])
async def test_a_revision_that_is_not_newer_is_refused_and_not_told(
    broker: Broker, subscribers: Subscribers, late: tuple[int, int]
) -> None:
    inbox = await subscribers.of(RUN)
    assert await broker.publish(state_of(rev=(2, 5)))
    assert not await broker.publish(state_of(rev=late, status="Failed"))
    assert await broker.snapshot(RUN) == state_of(rev=(2, 5))
    assert await broker.publish(state_of(rev=(3, 1)))
    assert await inbox.first(2) == [published((2, 5)), published((3, 1))]


async def test_a_zombie_of_an_older_attempt_is_refused_after_the_end_of_a_later_one(broker: Broker) -> None:
    await broker.publish(state_of(rev=(2, 5), status="Completed", attempt=2))
    assert not await broker.publish(state_of(rev=(1, 6), status="Failed", attempt=1))
    assert await broker.snapshot(RUN) == state_of(rev=(2, 5), status="Completed", attempt=2)


async def test_generations_come_before_sequence_numbers(broker: Broker) -> None:
    await broker.publish(state_of(rev=(9, 100)))
    assert await broker.publish(state_of(rev=(10, 1)))
    assert not await broker.publish(state_of(rev=(9, 101)))


async def test_a_final_state_is_the_snapshot_too(broker: Broker) -> None:
    await broker.publish(state_of(rev=(1, 2), status="Completed"))
    assert await broker.snapshot(RUN) == state_of(rev=(1, 2), status="Completed")


# subscriptions


async def test_everything_published_after_the_acknowledgement_is_told_in_order(
    broker: Broker, subscribers: Subscribers
) -> None:
    inbox = await subscribers.of(RUN)
    for seq in range(1, 51):
        await broker.publish(state_of(rev=(1, seq)))
    assert await inbox.first(50) == [published((1, seq)) for seq in range(1, 51)]


async def test_a_snapshot_read_after_the_acknowledgement_misses_nothing(
    broker: Broker, subscribers: Subscribers
) -> None:
    async def publish_all() -> None:
        for seq in range(1, 101):
            await broker.publish(state_of(rev=(1, seq)))
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        publishing = tasks.create_task(publish_all())
        inbox = await subscribers.of(RUN)
        read = await broker.snapshot(RUN)
        await publishing
    await broker.publish(state_of(rev=(2, 1)))
    first = 1 if read is None else read.rev.seq + 1
    while published((2, 1)) not in inbox.events:
        await inbox.first(len(inbox.events) + 1)
    told = {event.snapshot.rev for event in inbox.events if isinstance(event, Published)}
    assert {Revision(1, seq) for seq in range(first, 101)} <= told


async def test_what_was_published_before_is_not_told_again(broker: Broker, subscribers: Subscribers) -> None:
    await broker.publish(state_of(rev=(1, 1)))
    inbox = await subscribers.of(RUN)
    await broker.publish(state_of(rev=(1, 2)))
    assert await inbox.first(1) == [published((1, 2))]


async def test_a_subscriber_is_told_of_its_run_alone(broker: Broker, subscribers: Subscribers) -> None:
    mine, other = await subscribers.of(RUN), await subscribers.of(OTHER)
    await broker.publish(state_of(RUN))
    await broker.publish(state_of(OTHER))
    await broker.publish(state_of(RUN, rev=(1, 2)))
    assert await mine.first(2) == [published((1, 1)), published((1, 2))]
    assert await other.first(1) == [published((1, 1), OTHER)]


async def test_all_subscribers_of_a_run_are_told(broker: Broker, subscribers: Subscribers) -> None:
    inboxes = [await subscribers.of(RUN) for _ in range(5)]
    await broker.publish(state_of())
    for inbox in inboxes:
        assert await inbox.first(1) == [published((1, 1))]


async def test_one_that_left_is_told_no_more_and_the_others_are(broker: Broker, subscribers: Subscribers) -> None:
    leaving, staying = Inbox(), await subscribers.of(RUN)
    async with broker.subscribe(RUN, leaving.deliver):
        await broker.publish(state_of(rev=(1, 1)))
        await leaving.first(1)
    await broker.publish(state_of(rev=(1, 2)))
    await staying.first(2)
    assert leaving.events == [published((1, 1))]


async def test_the_same_receiver_may_subscribe_twice(broker: Broker) -> None:
    inbox = Inbox()
    async with broker.subscribe(RUN, inbox.deliver):
        async with broker.subscribe(RUN, inbox.deliver):
            await broker.publish(state_of(rev=(1, 1)))
            await inbox.first(2)
        await broker.publish(state_of(rev=(1, 2)))
        assert await inbox.first(3) == [published((1, 1)), published((1, 1)), published((1, 2))]


async def test_one_may_subscribe_again_after_the_last_has_left(broker: Broker, subscribers: Subscribers) -> None:
    async with broker.subscribe(RUN, Inbox().deliver):
        pass
    inbox = await subscribers.of(RUN)
    await broker.publish(state_of())
    assert await inbox.first(1) == [published((1, 1))]


async def test_a_subscriber_that_raises_harms_nobody_and_is_logged(
    broker: Broker, subscribers: Subscribers, caplog: pytest.LogCaptureFixture
) -> None:
    def raises(event: BrokerEvent) -> None:
        raise RuntimeError("a bug of mine")

    async with broker.subscribe(RUN, raises), broker.subscribe_topic("runs", raises):
        inbox, topic = await subscribers.of(RUN), await subscribers.of_topic("runs")
        assert await broker.publish(state_of(rev=(1, 1)))
        assert await broker.publish(state_of(rev=(1, 2)))
        assert await inbox.first(2) == await topic.first(2) == [published((1, 1)), published((1, 2))]
    assert "a bug of mine" in caplog.text


async def test_a_subscription_survives_the_error_of_its_holder_alone(broker: Broker, subscribers: Subscribers) -> None:
    inbox = await subscribers.of(RUN)
    with pytest.raises(RuntimeError):
        async with broker.subscribe(RUN, Inbox().deliver):
            raise RuntimeError
    await broker.publish(state_of())
    assert await inbox.first(1) == [published((1, 1))]


# removal


async def test_a_removed_run_is_told_to_its_subscribers_and_the_topic(broker: Broker, subscribers: Subscribers) -> None:
    inbox, topic, other = (
        await subscribers.of(RUN),
        await subscribers.of_topic("runs"),
        await subscribers.of(OTHER),
    )
    await broker.publish(state_of(rev=(1, 1)))
    await broker.remove(RUN, Revision(2, 0))
    await broker.publish(state_of(OTHER))
    expected = [published((1, 1)), RunRemoved(RUN, Revision(2, 0))]
    assert await inbox.first(2) == await topic.first(2) == expected
    assert await other.first(1) == [published((1, 1), OTHER)]
    assert await broker.snapshot(RUN) is None


async def test_a_removal_refuses_what_is_older_and_lets_a_later_run_begin(
    broker: Broker, subscribers: Subscribers
) -> None:
    await broker.publish(state_of(rev=(1, 1)))
    await broker.remove(RUN, Revision(2, 0))
    inbox = await subscribers.of(RUN)
    assert not await broker.publish(state_of(rev=(1, 2)))
    assert not await broker.publish(state_of(rev=(2, 0)))
    assert await broker.snapshot(RUN) is None
    assert await broker.publish(state_of(rev=(3, 1)))
    assert await inbox.first(1) == [published((3, 1))]
    assert await broker.snapshot(RUN) == state_of(rev=(3, 1))


@pytest.mark.parametrize("rev", [(2, 5), (2, 4), (1, 9)])
async def test_a_removal_that_is_not_newer_changes_nothing(
    broker: Broker, subscribers: Subscribers, rev: tuple[int, int]
) -> None:
    await broker.publish(state_of(rev=(2, 5)))
    inbox = await subscribers.of(RUN)
    await broker.remove(RUN, Revision(*rev))
    assert await broker.snapshot(RUN) == state_of(rev=(2, 5))
    await broker.publish(state_of(rev=(2, 6)))
    assert await inbox.first(1) == [published((2, 6))]


async def test_a_repeated_removal_is_told_once(broker: Broker, subscribers: Subscribers) -> None:
    await broker.publish(state_of(rev=(1, 1)))
    inbox = await subscribers.of(RUN)
    await broker.remove(RUN, Revision(2, 0))
    await broker.remove(RUN, Revision(2, 0))
    await broker.publish(state_of(rev=(3, 1)))
    assert await inbox.first(2) == [RunRemoved(RUN, Revision(2, 0)), published((3, 1))]


async def test_a_run_that_was_never_published_here_can_be_removed(broker: Broker, subscribers: Subscribers) -> None:
    inbox = await subscribers.of(RUN)
    await broker.remove(RUN, Revision(2, 0))
    assert await inbox.first(1) == [RunRemoved(RUN, Revision(2, 0))]
    assert not await broker.publish(state_of(rev=(1, 1)))


# topics


async def test_the_topic_runs_tells_of_every_run_in_order(broker: Broker, subscribers: Subscribers) -> None:
    topic = await subscribers.of_topic("runs")
    await broker.publish(state_of(RUN, rev=(1, 1)))
    await broker.publish(state_of(OTHER, rev=(2, 1)))
    await broker.publish(state_of(RUN, rev=(1, 2)))
    assert await topic.first(3) == [published((1, 1)), published((2, 1), OTHER), published((1, 2))]


async def test_an_announcement_reaches_its_topic_alone(broker: Broker, subscribers: Subscribers) -> None:
    strategies, datasets = await subscribers.of_topic("strategies"), await subscribers.of_topic("datasets")
    runs = await subscribers.of_topic("runs")
    item = {"name": "Probe", "parameters": [{"name": "period", "max": None, "default": 1.5}]}
    await broker.announce("strategies", item)
    await broker.announce("datasets", {"id": "acme", "removed": True})
    await broker.publish(state_of())
    assert await strategies.first(1) == [TopicChanged("strategies", item)]
    assert await datasets.first(1) == [TopicChanged("datasets", {"id": "acme", "removed": True})]
    assert await runs.first(1) == [published((1, 1))]


async def test_announcements_keep_their_order(broker: Broker, subscribers: Subscribers) -> None:
    system = await subscribers.of_topic("system")
    for number in range(20):
        await broker.announce("system", {"loopLagMs": number})
    assert await system.first(20) == [TopicChanged("system", {"loopLagMs": number}) for number in range(20)]


async def test_an_announcement_that_nobody_hears_is_lost(broker: Broker, subscribers: Subscribers) -> None:
    await broker.announce("system", {"loopLagMs": 1})
    system = await subscribers.of_topic("system")
    await broker.announce("system", {"loopLagMs": 2})
    assert await system.first(1) == [TopicChanged("system", {"loopLagMs": 2})]


async def test_states_are_not_announced(broker: Broker) -> None:
    with pytest.raises(ValueError, match="runs"):
        await broker.announce("runs", {})


async def test_leaving_a_topic_ends_it(broker: Broker, subscribers: Subscribers) -> None:
    leaving, staying = Inbox(), await subscribers.of_topic("runs")
    async with broker.subscribe_topic("runs", leaving.deliver):
        pass
    await broker.publish(state_of())
    await staying.first(1)
    assert leaving.events == []


async def test_a_broker_that_works_says_that_it_is_up(broker: Broker) -> None:
    health = broker.health()
    assert health.up
    assert health.name in {"memory", "redis"}
    assert health.detail is None
