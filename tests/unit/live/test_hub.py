"""Fan-out of one broker subscription to all who follow a run or a topic."""

import asyncio
from typing import Any

import pytest

from server.contract.problems import ForgeError
from server.contract.run import Revision
from server.live.news import Change, News, Removal
from tests.hub_house import House, Listener
from tests.states import OTHER, RUN, state_of

# following


async def test_a_follower_is_told_what_is_published(house: House) -> None:
    listener = await house.follower()
    await house.publish(state_of(rev=(1, 1)))
    item = await listener.until_rev((1, 1))
    assert isinstance(item, News)
    assert item.snapshot == state_of(rev=(1, 1))


async def test_how_long_telling_of_a_change_takes_is_counted(house: House) -> None:
    listener = await house.follower()
    before = house.hub.timing.count
    await house.publish(state_of(rev=(1, 2)))
    await listener.until_rev((1, 2))
    await house.publish(state_of(rev=(1, 3)))  # by then the first one has been told to all
    await listener.until_rev((1, 3))
    assert house.hub.timing.count > before


async def test_nothing_is_read_before_the_broker_has_acknowledged(house: House) -> None:
    house.broker.gate.clear()
    house.directory.runs[RUN] = state_of()
    listener = Listener()
    feed = house.hub.join_run(listener, RUN)

    async def open_run() -> News | None:
        await feed.acknowledged()
        return await house.hub.read_run(RUN)

    async with asyncio.TaskGroup() as tasks:
        opening = tasks.create_task(open_run())
        await house.broker.until(lambda: house.broker.opened == [RUN])
        assert house.directory.reads == []
        house.broker.gate.set()
        news = await opening
    assert news is not None
    assert news.rev == (1, 1)


async def test_a_run_is_subscribed_once_however_many_follow_it(house: House) -> None:
    listeners = [await house.follower() for _ in range(50)]
    assert house.broker.opened == [RUN]
    await house.publish(state_of())
    for listener in listeners:
        await listener.until_rev((1, 1))
    items = {id(listener.items[0]) for listener in listeners}
    assert len(items) == 1, "and encoded once"


async def test_the_broker_subscription_ends_with_the_last_follower(house: House) -> None:
    first, second = await house.follower(), await house.follower()
    house.hub.leave_run(first, RUN)
    assert house.broker.open == [RUN]
    house.hub.leave_run(second, RUN)
    await house.broker.until(lambda: house.broker.open == [])
    await house.follower()
    assert house.broker.opened == [RUN, RUN]


async def test_one_that_left_is_told_no_more(house: House) -> None:
    leaving, staying = await house.follower(), await house.follower()
    house.hub.leave_run(leaving, RUN)
    await house.publish(state_of())
    await staying.until_rev((1, 1))
    assert leaving.items == []


async def test_leaving_before_the_acknowledgement_leaves_nothing_behind(house: House) -> None:
    house.broker.gate.clear()
    listener = Listener()
    house.hub.join_run(listener, RUN)
    await house.broker.until(lambda: house.broker.opened == [RUN])
    house.hub.leave_run(listener, RUN)
    house.broker.gate.set()
    await house.broker.until(lambda: house.broker.open == [])
    await house.publish(state_of())
    other = await house.follower()
    await house.publish(state_of(rev=(1, 2)))
    await other.until_rev((1, 2))
    assert listener.items == []


async def test_a_topic_tells_of_every_run(house: House) -> None:
    listener = await house.topic_follower()
    await house.publish(state_of(), state_of(OTHER))
    for run_key in (RUN, OTHER):
        await listener.until(lambda item, key=run_key: isinstance(item, News) and item.run_key == key)  # type: ignore[misc]  # a default binds the loop's value


async def test_announcements_reach_the_followers_of_their_topic_alone(house: House) -> None:
    strategies, system = await house.topic_follower("strategies"), await house.topic_follower("system")
    await house.broker.announce("strategies", {"name": "Probe"})
    item = await strategies.until(lambda item: isinstance(item, Change))
    assert isinstance(item, Change)
    assert (item.topic, item.item) == ("strategies", "Probe")
    assert system.items == []


async def test_a_removal_is_told(house: House) -> None:
    listener = await house.follower()
    await house.broker.remove(RUN, Revision(2, 0))
    assert await listener.until(lambda item: isinstance(item, Removal)) == Removal(RUN, Revision(2, 0))


async def test_states_published_in_one_go_are_told_as_the_newest(house: House) -> None:
    listener = await house.follower()
    await house.publish(*(state_of(rev=(1, seq)) for seq in range(1, 20)))
    await listener.until_rev((1, 19))
    assert len(listener.items) == 1


async def test_a_final_is_told_though_the_next_attempt_is_published_before_it_is_read(house: House) -> None:
    listener = await house.follower()
    await house.publish(state_of(rev=(1, 2), status="Failed"), state_of(rev=(2, 1), attempt=2))
    await listener.until_rev((2, 1))
    assert [item.rev for item in listener.items if not isinstance(item, Change)] == [(1, 2), (2, 1)]


async def test_others_work_while_a_large_fan_out_is_under_way(house: House) -> None:
    told: list[int] = []
    listeners = [Listener(acts=lambda _: told.append(1)) for _ in range(1000)]
    for listener in listeners:
        await house.hub.join_run(listener, RUN).acknowledged()
    await house.publish(state_of())
    longest, before = 0, 0
    async with asyncio.timeout(5):
        while len(told) < 1000:
            await asyncio.sleep(0)  # what a request beside it does
            longest, before = max(longest, len(told) - before), len(told)
    assert longest <= 100


# reading


async def test_those_who_ask_at_the_same_time_share_a_read(house: House) -> None:
    house.directory.runs[RUN] = state_of()
    await house.hub.join_run(Listener(), RUN).acknowledged()
    async with asyncio.TaskGroup() as tasks:
        reading = [tasks.create_task(house.hub.read_run(RUN)) for _ in range(100)]
    assert {news.rev for task in reading if (news := task.result()) is not None} == {Revision(1, 1)}
    assert len(house.directory.reads) == 1


async def test_those_who_ask_for_a_run_that_nobody_follows_yet_share_a_read_too(house: House) -> None:
    house.directory.runs[RUN] = state_of()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(100):
            tasks.create_task(house.hub.read_run(RUN))
    assert len(house.directory.reads) == 1


async def test_an_attempt_is_read_by_its_number(house: House) -> None:
    house.directory.runs[RUN] = state_of(rev=(1, 4), attempt=2, status="Pending")
    await house.hub.join_run(Listener(), RUN).acknowledged()
    news = await house.hub.read_run(RUN, 2)
    assert news is not None
    assert (news.attempt, house.directory.reads) == (2, [(RUN, 2)])


async def test_an_unknown_run_is_read_as_none(house: House) -> None:
    assert await house.hub.read_run(RUN) is None


async def test_a_store_that_fails_is_a_problem_for_those_who_read(house: House, caplog: Any) -> None:
    listener = await house.follower()
    house.directory.error = OSError("disk")
    with pytest.raises(ForgeError) as caught:
        await house.hub.read_run(RUN)
    assert (caught.value.code, caught.value.retryable) == ("store_unavailable", True)
    await house.publish(state_of())
    await listener.until_rev((1, 1))
    assert "a snapshot could not be read" in caplog.text


# its own end


async def test_the_end_asks_connections_to_go_and_frees_the_subscriptions() -> None:
    house, listener = House(refresh_s=1000), Listener()
    async with house.hub.running():
        house.hub.connections.add(listener)
        await house.follower()
        assert house.hub.is_open
    assert listener.drained
    assert house.broker.open == []


async def test_open_connections_and_their_subscriptions_are_counted(house: House) -> None:
    house.hub.connections |= {Listener(), Listener()}
    assert house.hub.counts() == (2, 2)


async def test_draining_takes_no_new_connections_and_goes_on_delivering(house: House) -> None:
    listener = await house.follower()
    house.hub.drain()
    assert not house.hub.is_open
    await house.publish(state_of())
    await listener.until_rev((1, 1))


async def test_nothing_can_be_followed_or_read_outside_of_its_life() -> None:
    house = House(refresh_s=1000)
    with pytest.raises(ForgeError) as followed:
        await house.hub.join_run(Listener(), RUN).acknowledged()
    with pytest.raises(ForgeError) as read:
        await house.hub.read_run(RUN)
    assert {followed.value.code, read.value.code} == {"draining"}
