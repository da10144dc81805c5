"""Topics, the pace of the topic `runs`, and runs that are followed in both ways."""

from typing import Any

import pytest
from msgspec import UNSET

from server.contract.messages import Changed, Removed, Snapshot, Topic, TopicSnapshot, Unsubscribed, Update
from server.contract.problems import ForgeError
from server.contract.run import Revision
from server.live.effects import CloseRun, CloseTopic, OpenRun, OpenTopic
from server.live.news import Change, News, Removal
from tests.session_driver import SessionDriver
from tests.states import OTHER, RUN, state_of


def connected(**options: Any) -> SessionDriver:
    """One that has been welcomed."""
    driver = SessionDriver(**options)
    driver.heard()
    return driver


def remove(driver: SessionDriver, rev: tuple[int, int]) -> list[Any]:
    driver.session.offer(Removal(RUN, Revision(*rev)), driver.now)
    return driver.heard()


def test_the_topic_runs_is_answered_with_the_active_runs_and_their_places() -> None:
    driver = connected()
    (told,) = driver.follow_topic(state_of(status="Pending"), state_of(OTHER, status="Pending"))
    assert isinstance(told, TopicSnapshot)
    assert (told.id, told.topic) == (1, "runs")
    assert [(run.run_key, run.queue_position, run.state.status, run.final) for run in told.runs] == [
        (RUN, 1, "Pending", False),
        (OTHER, 2, "Pending", False),
    ]


@pytest.mark.parametrize("topic", ["strategies", "datasets", "system"])
def test_other_topics_are_answered_empty_and_carry_changes(topic: Topic) -> None:
    driver = connected()
    driver.say("subscribe", topic=topic, id="t")
    driver.session.topic_opened(driver.topic_order(), [], driver.now)
    assert driver.heard() == [TopicSnapshot(id="t", topic=topic, runs=[])]
    assert driver.session.offer(Change(topic, {"name": "Probe", "rows": 1}), driver.now)
    assert driver.heard() == [Changed(topic=topic, data={"name": "Probe", "rows": 1})]


def test_only_the_newest_unread_change_of_an_item_is_told() -> None:
    driver = connected()
    driver.say("subscribe", topic="datasets")
    driver.session.topic_opened(driver.topic_order(), [], driver.now)
    driver.heard()
    for item in ({"id": "a", "rows": 1}, {"id": "b", "rows": 1}, {"id": "a", "removed": True}):
        driver.session.offer(Change("datasets", item), driver.now)
    assert [message.data for message in driver.heard()] == [{"id": "a", "removed": True}, {"id": "b", "rows": 1}]


def test_changes_of_topics_that_are_not_followed_are_no_news() -> None:
    driver = connected()
    assert not driver.session.offer(Change("system", {}), driver.now)
    assert driver.heard() == []


def test_a_new_run_of_the_topic_begins_with_a_snapshot_at_once() -> None:
    driver = connected()
    driver.follow_topic()
    (told,) = driver.tell(state_of(status="Pending"))
    assert isinstance(told, Snapshot)
    assert (told.id, told.run_key) == (UNSET, RUN)


def test_the_topic_tells_of_each_run_at_most_twice_a_second() -> None:
    driver = connected()
    driver.follow_topic(state_of(), state_of(OTHER))
    told = []
    for tick in range(1, 41):
        driver.now += 0.05
        told += driver.tell(state_of(rev=(1, 1 + tick)), state_of(OTHER, rev=(1, 1 + tick)))
    assert all(isinstance(message, Update) for message in told)
    assert [message.run_key for message in told].count(RUN) in (3, 4)
    assert [message.run_key for message in told].count(OTHER) in (3, 4)


def test_what_waits_for_the_topics_pace_says_when_it_is_due() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    assert driver.tell(state_of(rev=(1, 2))) == []
    due = driver.session.next_due()
    assert due is not None
    assert due == pytest.approx(driver.now + 0.5)
    driver.now = due
    assert [message.rev for message in driver.heard()] == [(1, 2)]
    assert driver.session.next_due() is None


def test_the_topic_tells_of_an_end_at_once() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    (told,) = driver.tell(state_of(rev=(1, 2), status="Failed"))
    assert told.final


def test_a_direct_subscription_sets_the_pace_of_its_run() -> None:
    driver = connected()
    driver.follow_topic(state_of(), state_of(OTHER))
    driver.follow(state_of())
    told = [message for seq in (2, 3, 4) for message in driver.tell(state_of(rev=(1, seq)), state_of(OTHER, (1, seq)))]
    assert [(message.run_key, message.rev) for message in told] == [(RUN, (1, 2)), (RUN, (1, 3)), (RUN, (1, 4))]


def test_the_topics_pace_returns_when_the_direct_subscription_ends() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    driver.follow(state_of())
    driver.tell(state_of(rev=(1, 2)))
    driver.say("unsubscribe", runKey=RUN)
    driver.heard()
    assert driver.tell(state_of(rev=(1, 3))) == []
    driver.now += 0.5
    assert [message.rev for message in driver.heard()] == [(1, 3)]


def test_a_final_ends_the_direct_subscription_and_the_topic_goes_on() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    driver.follow(state_of())
    (end,) = driver.tell(state_of(rev=(1, 2), status="Failed"))
    assert end.final
    assert driver.effects() == [CloseRun(RUN)]
    (again,) = driver.tell(state_of(rev=(2, 1), status="Pending", attempt=2))
    assert isinstance(again, Snapshot)
    assert again.run is not UNSET
    assert again.run.attempt == 2


def test_an_end_is_told_once_however_often_it_is_published() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    end = state_of(rev=(1, 2), status="Failed")
    assert len(driver.tell(end)) == 1
    assert driver.tell(end, end) == []


def test_an_unsent_final_and_the_next_attempt_are_both_told_in_order() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    told = driver.tell(
        state_of(rev=(1, 2), status="Failed"), state_of(rev=(2, 1), attempt=2), state_of(rev=(2, 2), attempt=2)
    )
    assert [(type(message), message.rev) for message in told] == [(Update, (1, 2)), (Snapshot, (2, 2))]


def test_a_run_told_by_the_topic_is_current_for_a_direct_subscription() -> None:
    driver = connected()
    driver.follow_topic(state_of(rev=(1, 3)))
    assert driver.follow(state_of(rev=(1, 3))) == [
        Snapshot(id=2, run_key=RUN, rev=Revision(1, 3), final=False, current=True)
    ]


def test_a_run_that_ended_on_the_topic_is_current_and_followed_no_longer() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    end = state_of(rev=(1, 2), status="Failed")
    driver.tell(end)
    assert driver.follow(end) == [Snapshot(id=2, run_key=RUN, rev=Revision(1, 2), final=True, current=True)]
    assert driver.effects() == [CloseRun(RUN)]


def test_a_removal_is_told_and_a_new_run_of_the_same_key_begins_with_a_snapshot() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    assert remove(driver, (2, 0)) == [Removed(run_key=RUN, rev=Revision(2, 0))]
    assert driver.tell(state_of(rev=(1, 9))) == []
    (told,) = driver.tell(state_of(rev=(3, 1), status="Pending"))
    assert isinstance(told, Snapshot)


def test_a_subscription_after_a_removal_is_not_answered_with_what_was_removed() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    remove(driver, (2, 0))
    introduction, current = driver.follow(state_of(rev=(3, 1)))
    assert (introduction.rev, introduction.run.attempt) == ((3, 1), 1)
    assert (current.id, current.rev, current.final) == (2, (3, 1), False)
    assert driver.session.subscriptions == 2


def test_a_stale_snapshot_after_a_removal_is_not_found() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    remove(driver, (2, 0))
    (told,) = driver.follow(state_of(rev=(1, 1)))
    assert (told.id, told.code) == (2, "run_not_found")
    assert driver.effects() == [CloseRun(RUN)]


def test_an_older_final_is_told_by_the_topic_and_does_not_end_the_wait_for_a_later_attempt() -> None:
    driver = connected()
    driver.follow_topic(state_of(rev=(1, 1)))
    driver.say("subscribe", runKey=RUN, attempt=2)
    driver.opened(driver.order(), state_of(rev=(1, 1), status="Pending", attempt=2))
    driver.heard()
    end = state_of(rev=(1, 2), status="Cancelled")
    assert [message.final for message in driver.tell(end)] == [True]
    assert driver.effects() == [OpenRun(RUN, 2, 1)]
    assert driver.session.subscriptions == 2
    (told,) = driver.tell(state_of(rev=(2, 1), status="Pending", attempt=2))
    assert told.run.attempt == 2


def test_states_published_while_the_topic_opens_are_told_after_its_answer() -> None:
    driver = connected()
    driver.say("subscribe", topic="runs")
    order = driver.topic_order()
    assert driver.tell(state_of(rev=(1, 5), status="Completed"), state_of(OTHER, rev=(1, 3))) == []
    driver.session.topic_opened(order, [], driver.now)
    answer, *rest = driver.heard()
    assert answer.runs == []
    assert [(message.run_key, message.rev) for message in rest] == [(RUN, (1, 5)), (OTHER, (1, 3))]


def test_the_answer_carries_the_newer_of_what_was_read_and_what_was_published() -> None:
    driver = connected()
    driver.offer(state_of())
    driver.say("subscribe", topic="runs")
    order = driver.topic_order()
    driver.offer(state_of(rev=(1, 5)))
    driver.session.topic_opened(order, [(News(state_of(rev=(1, 4))), None)], driver.now)
    (told,) = driver.heard()
    assert [run.rev for run in told.runs] == [(1, 5)]


def test_more_active_runs_than_an_answer_holds_follow_as_snapshots() -> None:
    driver = connected()
    active = [state_of(f"Run-{number}", status="Pending") for number in range(260)]
    answer, *rest = driver.follow_topic(*active)
    assert len(answer.runs) == 250
    assert {message.run_key for message in rest} == {f"Run-{number}" for number in range(250, 260)}


def test_unsubscribing_the_topic_keeps_direct_subscriptions() -> None:
    driver = connected()
    driver.follow_topic(state_of(), state_of(OTHER))
    driver.follow(state_of())
    driver.say("unsubscribe", topic="runs", id=7)
    assert driver.effects() == [CloseTopic("runs")]
    assert driver.heard() == [Unsubscribed(id=7, topic="runs")]
    driver.now += 1
    told = driver.tell(state_of(rev=(1, 2)), state_of(OTHER, rev=(1, 2)))
    assert [message.run_key for message in told] == [RUN]


def test_a_run_that_opens_while_the_topic_ends_is_answered_by_its_snapshot() -> None:
    driver = connected()
    driver.follow_topic(state_of(rev=(1, 1)))
    driver.offer(state_of(rev=(1, 2)))
    driver.say("subscribe", runKey=RUN, id="direct")
    order = driver.order()
    driver.say("unsubscribe", topic="runs")
    driver.heard()
    driver.now += 1
    assert driver.heard() == []
    driver.opened(order, state_of(rev=(1, 2)))
    update, current = driver.heard()
    assert (update.rev, current.id) == ((1, 2), "direct")


def test_unsubscribing_while_the_topic_opens_drops_its_answer() -> None:
    driver = connected()
    driver.say("subscribe", topic="runs")
    order = driver.topic_order()
    driver.say("unsubscribe", topic="runs")
    driver.heard()
    driver.session.topic_opened(order, [(News(state_of()), None)], driver.now)
    assert driver.heard() == []
    assert driver.session.subscriptions == 0


def test_a_topic_that_cannot_be_followed_is_an_error() -> None:
    driver = connected()
    driver.say("subscribe", topic="runs", id="t")
    driver.session.topic_failed(driver.topic_order(), ForgeError("broker_unavailable", "The broker is away."))
    (told,) = driver.heard()
    assert (told.id, told.code, told.retryable) == ("t", "broker_unavailable", True)
    assert driver.effects() == [CloseTopic("runs")]
    assert driver.session.subscriptions == 0


def test_a_repeated_topic_subscription_is_answered_again() -> None:
    driver = connected()
    driver.follow_topic(state_of())
    (told,) = driver.follow_topic(state_of(rev=(1, 2)))
    assert (told.id, told.runs[0].rev) == (2, (1, 2))
    assert driver.session.subscriptions == 1


def test_a_topic_subscription_names_its_message() -> None:
    driver = connected()
    driver.say("subscribe", topic="system", id="who")
    assert driver.effects() == [OpenTopic("system", 1, "who")]


def test_a_run_that_was_never_heard_of_leaves_nothing_behind() -> None:
    driver = connected()
    driver.follow_topic()
    for number in range(50):
        driver.say("subscribe", runKey=f"nobody-{number}")
        driver.opened(driver.order(), None)
        driver.effects()
    driver.heard()
    assert driver.session.slots == 0


def test_a_reread_of_an_old_end_makes_the_session_ask_for_the_awaited_attempt() -> None:
    driver = connected()
    driver.follow_topic(state_of(rev=(1, 1)))
    driver.say("subscribe", runKey=RUN, attempt=2)
    driver.opened(driver.order(), state_of(rev=(1, 1), status="Pending", attempt=2))
    end = state_of(rev=(1, 2), status="Completed")
    driver.tell(end)
    driver.session.run_failed(driver.order(), ForgeError("store_unavailable", "The store is away."))
    assert driver.session.offer(News(end), driver.now), "there is something to do"
    driver.opened(driver.order(), end)
    assert driver.effects() == [CloseRun(RUN)]
    assert driver.session.subscriptions == 1
