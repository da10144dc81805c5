"""The single-run form, which needs nothing from its client."""

from server.contract.messages import Pong, Removed, Snapshot, Update
from server.contract.problems import ForgeError
from server.contract.run import Revision
from server.live.effects import CloseCode, CloseRun, OpenRun
from server.live.news import Removal
from tests.session_driver import SessionDriver, messages_of
from tests.states import RUN, state_of


def following(attempt: int = 0) -> tuple[SessionDriver, OpenRun]:
    driver = SessionDriver(solo=True)
    driver.session.follow(RUN, attempt, driver.now)
    return driver, driver.order()


def test_it_begins_with_the_snapshot_and_no_welcome() -> None:
    driver, order = following()
    assert driver.heard() == []
    first = state_of(status="Pending")
    driver.opened(order, first)
    assert driver.heard() == [Snapshot(run_key=RUN, rev=first.rev, run=first.run, state=first.state, final=False)]


def test_each_frame_holds_one_message() -> None:
    driver, order = following()
    driver.say("ping")
    driver.say("ping")
    driver.opened(order, state_of())
    frames = driver.frames()
    assert [len(messages_of(frame)) for frame in frames] == [1, 1, 1]
    assert all(frame.startswith(b"{") for frame in frames)


def test_it_closes_with_1000_after_the_final_state() -> None:
    driver, order = following()
    driver.opened(order, state_of())
    driver.heard()
    assert driver.closed_with() is None
    (told,) = driver.tell(state_of(rev=(1, 2), status="Completed"))
    assert isinstance(told, Update)
    assert driver.closed_with() == 1000
    assert driver.effects() == [CloseRun(RUN)]


def test_a_run_that_has_ended_is_told_and_closed() -> None:
    driver, order = following()
    driver.opened(order, state_of(status="Failed"))
    assert [message.final for message in driver.heard()] == [True]
    assert driver.closed_with() == 1000


def test_older_finals_do_not_close_it_when_a_later_attempt_is_awaited() -> None:
    driver, order = following(attempt=2)
    driver.opened(order, state_of(rev=(1, 4), status="Pending", attempt=2))
    driver.heard()
    assert driver.tell(state_of(rev=(1, 5), status="Cancelled")) == []
    assert driver.closed_with() is None
    driver.tell(state_of(rev=(2, 1), status="Completed", attempt=2))
    assert driver.closed_with() == 1000


def test_a_removal_is_told_and_closes_it() -> None:
    driver, order = following()
    driver.opened(order, state_of())
    driver.heard()
    driver.session.offer(Removal(RUN, Revision(2, 0)), driver.now)
    assert driver.heard() == [Removed(run_key=RUN, rev=Revision(2, 0))]
    assert driver.closed_with() == 1000


def test_a_run_that_cannot_be_followed_now_asks_for_a_reconnect() -> None:
    driver, order = following()
    driver.session.run_failed(order, ForgeError("broker_unavailable", "The broker is away."))
    (told,) = driver.heard()
    assert (told.code, told.retryable) == ("broker_unavailable", True)
    assert driver.closed_with() == 1012


def test_a_run_removed_meanwhile_is_an_error_and_over() -> None:
    driver, order = following()
    driver.opened(order, None)
    (told,) = driver.heard()
    assert told.code == "run_not_found"
    assert driver.closed_with() == 1000


def test_pings_are_answered_and_subscriptions_refused() -> None:
    driver, _ = following()
    driver.say("ping")
    driver.say("subscribe", topic="runs")
    driver.say("unsubscribe", runKey=RUN)
    pong, first, second = driver.heard()
    assert pong == Pong(id=1)
    assert (first.id, first.code, second.id, second.code) == (2, "unknown_message", 3, "unknown_message")
    assert driver.session.subscriptions == 1


def test_draining_closes_it_with_1012() -> None:
    driver, order = following()
    driver.opened(order, state_of())
    driver.heard()
    driver.session.close(CloseCode.RESTART, "the server restarts")
    assert driver.heard() == []
    assert driver.closed_with() == 1012
