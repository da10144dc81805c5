"""Finding again what was lost on the way, and living with a broker that fails."""

import asyncio
from typing import Any

import pytest

from server.broker.port import Resync
from server.contract.problems import ForgeError
from server.live.news import News, Removal
from tests.hub_house import House, Listener
from tests.states import OTHER, RUN, state_of

# what was lost


async def test_a_final_whose_event_was_lost_is_found_again(watchful: House) -> None:
    listener = await watchful.follower()
    watchful.directory.runs[RUN] = state_of(rev=(1, 9), status="Completed")
    item = await listener.until_rev((1, 9))
    assert isinstance(item, News)
    assert item.final


async def test_a_removal_whose_event_was_lost_is_found_again(watchful: House) -> None:
    watchful.directory.runs[RUN] = state_of(rev=(3, 4))
    listener = await watchful.follower()
    del watchful.directory.runs[RUN]
    item = await listener.until(lambda item: isinstance(item, Removal))
    assert isinstance(item, Removal)
    assert (3, 4) < item.rev < (4, 0)


async def test_an_end_lost_to_the_topic_is_found_again(watchful: House) -> None:
    listener = await watchful.topic_follower()
    await watchful.publish(state_of(rev=(1, 1)))
    await listener.until_rev((1, 1))
    watchful.directory.runs[RUN] = state_of(rev=(1, 9), status="Failed")
    item = await listener.until_rev((1, 9))
    assert isinstance(item, News)
    assert item.final


async def test_an_end_lost_right_after_the_topics_answer_is_found_again(watchful: House) -> None:
    watchful.directory.runs[RUN] = state_of(rev=(1, 1))
    listener = await watchful.topic_follower()
    assert [news.rev for news, _ in await watchful.hub.active()] == [(1, 1)]
    watchful.directory.runs[RUN] = state_of(rev=(1, 2), status="Failed")
    await listener.until_rev((1, 2))


async def test_a_removal_lost_to_the_topic_is_found_again(watchful: House) -> None:
    listener = await watchful.topic_follower()
    await watchful.publish(state_of(rev=(3, 4)))
    await listener.until_rev((3, 4))
    del watchful.directory.runs[RUN]
    await listener.until(lambda item: isinstance(item, Removal) and item.rev > (3, 4))


async def test_a_new_run_lost_to_the_topic_is_found_again(watchful: House) -> None:
    listener = await watchful.topic_follower()
    watchful.directory.runs[RUN] = state_of(rev=(1, 1), status="Pending")
    await listener.until_rev((1, 1))


async def test_a_run_with_news_is_not_read_again(watchful: House) -> None:
    listener = await watchful.follower()
    watchful.directory.reads.clear()
    for seq in range(1, 11):
        await watchful.publish(state_of(rev=(1, seq)))
        await listener.until_rev((1, seq))
        await asyncio.sleep(0.01)  # news every 10 ms, for longer than the 40 ms
    assert watchful.directory.reads == []


async def test_trouble_with_the_broker_makes_it_look_at_once(house: House) -> None:
    listener, topic = await house.follower(), await house.topic_follower()
    house.directory.runs[RUN] = state_of(rev=(1, 9), status="Completed")
    house.directory.runs[OTHER] = state_of(OTHER, rev=(2, 1))
    house.broker.lose(RUN, Resync())
    house.broker.lose("runs", Resync())
    await listener.until_rev((1, 9))
    await topic.until_rev((2, 1))


async def test_a_read_that_fails_is_tried_again(watchful: House, caplog: Any) -> None:
    listener = await watchful.follower()
    watchful.directory.error = ForgeError("store_unavailable", "The store is away.")
    watchful.directory.read.clear()
    await watchful.directory.read.wait()
    watchful.directory.runs[RUN] = state_of(rev=(1, 9), status="Completed")
    watchful.directory.error = None
    await listener.until_rev((1, 9))
    assert "a run could not be read again" in caplog.text


async def test_an_older_state_read_late_does_not_hide_what_is_newer(house: House) -> None:
    listener = await house.follower()
    house.directory.runs[RUN] = state_of(rev=(1, 1))
    house.directory.gate.clear()
    house.directory.read.clear()
    house.broker.lose(RUN, Resync())
    await house.directory.read.wait()
    await house.broker.publish(state_of(rev=(1, 5)))
    await listener.until_rev((1, 5))
    house.directory.gate.set()
    house.directory.runs.clear()
    house.broker.lose(RUN, Resync())
    item = await listener.until(lambda item: isinstance(item, Removal))
    assert isinstance(item, Removal)
    assert item.rev > (1, 5)


# what breaks


async def test_a_subscription_that_fails_fails_its_openings_and_no_others(house: House) -> None:
    house.broker.refusal[RUN] = ForgeError("broker_unavailable", "The broker is away.")
    other = await house.follower(OTHER)
    feed = house.hub.join_run(Listener(), RUN)
    with pytest.raises(ForgeError) as caught:
        await feed.acknowledged()
    assert caught.value.code == "broker_unavailable"
    await house.publish(state_of(OTHER))
    await other.until_rev((1, 1))
    del house.broker.refusal[RUN]
    listener = await house.follower()
    await house.publish(state_of())
    await listener.until_rev((1, 1))


async def test_a_subscription_that_raises_is_logged_and_fails_its_openings(house: House, caplog: Any) -> None:
    house.broker.refusal["runs"] = ConnectionResetError()
    feed = house.hub.join_topic(Listener(), "runs")
    with pytest.raises(ForgeError) as caught:
        await feed.acknowledged()
    assert caught.value.code == "broker_unavailable"
    assert "a broker subscription broke" in caplog.text


async def test_a_subscription_that_breaks_later_is_had_again_and_what_was_lost_is_found(
    watchful: House, caplog: Any
) -> None:
    listener = await watchful.follower()
    watchful.broker.break_(RUN)
    await watchful.broker.until(lambda: watchful.broker.open == [])
    watchful.directory.runs[RUN] = state_of(rev=(1, 5))
    await listener.until_rev((1, 5))
    await watchful.broker.until(lambda: watchful.broker.open == [RUN])
    await watchful.publish(state_of(rev=(1, 6), status="Completed"))
    await listener.until_rev((1, 6))
    assert "a broker subscription broke" in caplog.text
