"""Direct subscriptions of runs."""

from typing import Any

from msgspec import UNSET

from server.contract.messages import ErrorMessage, Removed, Snapshot, Unsubscribed, Update
from server.contract.problems import ForgeError
from server.contract.run import Revision
from server.live.effects import CloseRun, OpenRun
from server.live.news import Removal
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


def test_a_subscription_is_answered_with_the_whole_run() -> None:
    first = state_of(rev=(3, 1), status="Pending")
    assert connected().follow(first, id="mine") == [
        Snapshot(id="mine", run_key=RUN, rev=first.rev, run=first.run, state=first.state, final=False)
    ]


def test_a_subscription_is_not_answered_before_the_snapshot_is_there() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    assert driver.effects() == [OpenRun(RUN, 0, 1)]
    assert driver.tell(state_of(rev=(1, 5))) == []


def test_later_states_follow_as_updates() -> None:
    driver = connected()
    driver.follow(state_of(rev=(3, 1)))
    later = state_of(rev=(3, 2))
    assert driver.tell(later) == [Update(run_key=RUN, attempt=1, rev=later.rev, state=later.state, final=False)]


def test_a_snapshot_older_than_a_live_state_is_not_told() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    order = driver.order()
    driver.offer(state_of(rev=(1, 5)))
    driver.opened(order, state_of(rev=(1, 4)))
    assert [(message.id, message.rev) for message in driver.heard()] == [(1, (1, 5))]


def test_only_the_newest_of_unread_states_is_told() -> None:
    driver = connected()
    driver.follow(state_of())
    told = driver.tell(*(state_of(rev=(1, seq)) for seq in range(2, 50)))
    assert [message.rev for message in told] == [(1, 49)]


def test_repeated_and_older_states_are_not_told() -> None:
    driver = connected()
    driver.follow(state_of(rev=(2, 5)))
    assert driver.tell(state_of(rev=(2, 5)), state_of(rev=(2, 4)), state_of(rev=(1, 9))) == []


def test_a_client_whose_revision_is_the_newest_is_told_that_it_is_current() -> None:
    told = connected().follow(state_of(rev=(2, 7)), rev=[2, 7])
    assert told == [Snapshot(id=1, run_key=RUN, rev=Revision(2, 7), final=False, current=True)]


def test_a_client_whose_revision_is_older_gets_everything() -> None:
    (told,) = connected().follow(state_of(rev=(2, 7)), rev=[2, 6])
    assert (told.id, told.rev, told.state.processed) == (1, (2, 7), 70)


def test_updates_go_on_after_current() -> None:
    driver = connected()
    driver.follow(state_of(rev=(2, 7)), rev=[2, 7])
    (told,) = driver.tell(state_of(rev=(2, 8)))
    assert isinstance(told, Update)


def test_a_repeated_subscription_is_answered_with_current() -> None:
    driver = connected()
    driver.follow(state_of(rev=(2, 7)))
    driver.say("subscribe", runKey=RUN, id="again")
    assert driver.effects() == []
    assert driver.heard() == [Snapshot(id="again", run_key=RUN, rev=Revision(2, 7), final=False, current=True)]
    assert driver.session.subscriptions == 1


def test_a_repeated_subscription_counts_what_is_unsent_as_told() -> None:
    driver = connected()
    driver.follow(state_of(rev=(2, 7)))
    driver.offer(state_of(rev=(2, 8)))
    driver.say("subscribe", runKey=RUN, id="again")
    update, current = driver.heard()
    assert (update.rev, current.rev, current.current) == ((2, 8), (2, 8), True)


def test_subscriptions_of_one_run_that_is_opening_are_all_answered() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN, id="a")
    driver.say("subscribe", runKey=RUN, id="b")
    driver.opened(driver.order(), state_of())
    whole, current = driver.heard()
    assert (whole.id, whole.final) == ("a", False)
    assert (current.id, current.current) == ("b", True)


def test_a_final_state_ends_the_subscription() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 1)))
    (told,) = driver.tell(state_of(rev=(1, 2), status="Completed"))
    assert told.final
    assert driver.effects() == [CloseRun(RUN)]
    assert driver.session.subscriptions == 0
    assert driver.tell(state_of(rev=(2, 1), attempt=2)) == []


def test_a_run_that_has_ended_is_answered_and_followed_no_longer() -> None:
    driver = connected()
    (told,) = driver.follow(state_of(status="Failed"))
    assert told.final
    assert driver.effects() == [CloseRun(RUN)]


def test_an_unsent_final_is_told_before_the_attempt_that_came_after_it() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 1)))
    told = driver.tell(state_of(rev=(1, 2), status="Failed"), state_of(rev=(2, 1), attempt=2))
    assert [(message.rev, message.final) for message in told] == [((1, 2), True)]
    assert driver.session.subscriptions == 0


def test_a_final_that_overtook_the_snapshot_ends_the_subscription() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    order = driver.order()
    driver.offer(state_of(rev=(1, 9), status="Completed"))
    driver.opened(order, state_of(rev=(1, 8)))
    (told,) = driver.heard()
    assert (told.id, told.final) == (1, True)
    assert driver.session.subscriptions == 0


def test_a_new_attempt_begins_with_a_snapshot() -> None:
    driver = connected()
    driver.follow_topic(state_of(rev=(1, 1)))
    driver.now += 1
    (told,) = driver.tell(state_of(rev=(2, 1), attempt=2))
    assert isinstance(told, Snapshot)
    assert told.id is UNSET
    assert told.run is not UNSET
    assert told.run.attempt == 2


# attempts


def test_an_attempt_not_visible_yet_is_answered_with_its_pending_state() -> None:
    driver = connected()
    hidden = state_of(rev=(1, 4), status="Pending", attempt=2)
    (told,) = driver.follow(hidden, attempt=2)
    assert (told.run.attempt, told.state.status, told.final) == (2, "Pending", False)


def test_a_client_that_knows_the_revision_of_the_attempt_before_is_told_of_its_own() -> None:
    driver = connected()
    hidden = state_of(rev=(1, 4), status="Pending", attempt=2)
    (told,) = driver.follow(hidden, attempt=2, rev=[1, 4])
    assert told.run.attempt == 2


def test_the_final_of_an_older_attempt_does_not_end_the_wait_for_a_later_one() -> None:
    driver = connected()
    hidden = state_of(rev=(1, 4), status="Pending", attempt=2)
    driver.follow(hidden, attempt=2)
    assert driver.tell(state_of(rev=(1, 5)), state_of(rev=(1, 6), status="Cancelled")) == []
    assert driver.effects() == [OpenRun(RUN, 2, 1)], "what became of the awaited attempt is read again"
    assert driver.session.subscriptions == 1
    (told,) = driver.tell(state_of(rev=(2, 1), status="Running", attempt=2))
    assert (told.attempt, told.rev) == (2, (2, 1))
    (end,) = driver.tell(state_of(rev=(2, 2), status="Completed", attempt=2))
    assert end.final
    assert driver.session.subscriptions == 0


def test_an_older_final_that_arrived_before_the_snapshot_does_not_end_it_either() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN, attempt=2)
    order = driver.order()
    driver.offer(state_of(rev=(1, 6), status="Cancelled"))
    driver.opened(order, state_of(rev=(2, 1), status="Pending", attempt=2))
    (told,) = driver.heard()
    assert told.run.attempt == 2
    assert driver.session.subscriptions == 1


def test_an_attempt_answered_from_the_one_before_ends_with_that_one() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 4), status="Pending", attempt=2), attempt=2)
    completed = state_of(rev=(1, 6), status="Completed")
    driver.offer(completed)
    driver.opened(driver.order(), completed)
    (told,) = driver.heard()
    assert (told.run.attempt, told.final) == (1, True)
    assert driver.session.subscriptions == 0


def test_a_later_attempt_than_the_awaited_one_ends_it_too() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 4), status="Pending", attempt=2), attempt=2)
    (told,) = driver.tell(state_of(rev=(4, 1), status="Failed", attempt=3))
    assert told.final
    assert driver.session.subscriptions == 0


def test_a_second_subscription_may_await_a_later_attempt() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 4)))
    driver.say("subscribe", runKey=RUN, attempt=2)
    order = driver.order()
    assert order == OpenRun(RUN, 2, 1)
    assert driver.session.subscriptions == 1
    driver.opened(order, state_of(rev=(2, 1), status="Pending", attempt=2))
    driver.heard()
    driver.tell(state_of(rev=(1, 9), status="Cancelled"))
    assert driver.session.subscriptions == 1


# removal


def test_a_removed_run_is_told_and_followed_no_longer() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 4)))
    assert remove(driver, (2, 0)) == [Removed(run_key=RUN, rev=Revision(2, 0))]
    assert driver.effects() == [CloseRun(RUN)]


def test_a_run_removed_while_it_opens_is_not_found() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    order = driver.order()
    remove(driver, (2, 0))
    driver.opened(order, state_of(rev=(1, 4)))
    (told,) = driver.heard()
    assert (told.id, told.code) == (1, "run_not_found")
    assert driver.effects() == [CloseRun(RUN)]


def test_a_run_submitted_again_after_its_removal_is_followed() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    order = driver.order()
    driver.offer(state_of(rev=(1, 4), status="Completed"))
    remove(driver, (2, 0))
    driver.opened(order, state_of(rev=(3, 1), status="Pending"))
    (told,) = driver.heard()
    assert (told.id, told.rev) == (1, (3, 1))
    assert driver.session.subscriptions == 1


def test_a_question_that_meets_the_removal_is_answered_with_not_found() -> None:
    driver = connected()
    driver.follow(state_of(rev=(1, 4)))
    driver.say("subscribe", runKey=RUN, id="again")
    removed, error = remove(driver, (2, 0))
    assert isinstance(removed, Removed)
    assert (error.id, error.code) == ("again", "run_not_found")


# ends and failures


def test_unsubscribing_ends_it_and_is_confirmed() -> None:
    driver = connected()
    driver.follow(state_of())
    driver.say("unsubscribe", runKey=RUN, id=9)
    assert driver.effects() == [CloseRun(RUN)]
    assert driver.heard() == [Unsubscribed(id=9, run_key=RUN)]
    assert driver.tell(state_of(rev=(1, 2))) == []


def test_unsubscribing_what_is_not_followed_is_confirmed_too() -> None:
    driver = connected()
    driver.say("unsubscribe", runKey=RUN, id=9)
    assert driver.effects() == []
    assert driver.heard() == [Unsubscribed(id=9, run_key=RUN)]


def test_a_snapshot_that_comes_after_unsubscribing_is_dropped() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    order = driver.order()
    driver.say("unsubscribe", runKey=RUN)
    driver.heard()
    driver.opened(order, state_of())
    assert driver.heard() == []
    assert driver.effects() == [CloseRun(RUN)]


def test_the_snapshot_of_an_earlier_subscription_does_not_answer_a_later_one() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN)
    first = driver.order()
    driver.say("unsubscribe", runKey=RUN)
    driver.effects()
    driver.say("subscribe", runKey=RUN, id="later")
    second = driver.order()
    driver.heard()
    driver.opened(first, state_of(rev=(1, 1)))
    assert driver.heard() == []
    driver.opened(second, state_of(rev=(1, 2)))
    assert [(message.id, message.rev) for message in driver.heard()] == [("later", (1, 2))]


def test_an_unknown_run_is_an_error_and_the_connection_lives() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN, id="x")
    driver.opened(driver.order(), None)
    (told,) = driver.heard()
    assert isinstance(told, ErrorMessage)
    assert (told.id, told.code, told.retryable) == ("x", "run_not_found", False)
    assert driver.effects() == [CloseRun(RUN)]
    assert driver.session.closing is None
    assert driver.session.subscriptions == 0


def test_a_run_that_cannot_be_followed_now_is_an_error_that_may_be_retried() -> None:
    driver = connected()
    driver.say("subscribe", runKey=RUN, id="x")
    driver.session.run_failed(driver.order(), ForgeError("broker_unavailable", "The broker is away."))
    (told,) = driver.heard()
    assert (told.id, told.code, told.retryable) == ("x", "broker_unavailable", True)
    assert driver.effects() == [CloseRun(RUN)]


def test_a_run_that_is_followed_already_survives_a_failure_to_read_it_again() -> None:
    driver = connected()
    driver.follow(state_of())
    driver.say("subscribe", runKey=RUN, attempt=2)
    driver.session.run_failed(driver.order(), ForgeError("store_unavailable", "The store is away."))
    driver.heard()
    assert driver.session.subscriptions == 1
    assert len(driver.tell(state_of(rev=(2, 1), attempt=2))) == 1


def test_runs_that_nobody_follows_are_no_news() -> None:
    driver = connected()
    driver.follow(state_of())
    driver.offer(state_of(OTHER))
    assert driver.heard() == []
    assert driver.session.next_due() is None
