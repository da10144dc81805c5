"""Welcome, frames of all kinds, limits and ends of a connection."""

import json
from typing import Any

import pytest
from msgspec import UNSET

from server.contract.messages import ErrorMessage, Pong, Welcome
from server.live.effects import Close, CloseCode, OpenRun, OpenTopic
from tests.session_driver import SessionDriver, messages_of
from tests.states import OTHER, RUN, state_of


def connected(**options: Any) -> SessionDriver:
    """One that has been welcomed."""
    driver = SessionDriver(**options)
    driver.heard()
    return driver


def test_the_first_message_is_a_welcome_with_the_limits() -> None:
    driver = SessionDriver(max_subscriptions=7, max_frame_bytes=999, server="forge/1")
    assert driver.heard() == [
        Welcome(protocol="forge.v1.json", server="forge/1", store_id="home", max_subscriptions=7, max_frame_bytes=999)
    ]


@pytest.mark.parametrize("given", [5, 0, -3, 2**64, "five", ""])
def test_a_ping_is_answered_with_its_id(given: int | str) -> None:
    driver = connected()
    driver.say("ping", id=given)
    assert driver.heard() == [Pong(id=given)]


def test_a_frame_of_the_client_may_hold_an_array_of_messages() -> None:
    driver = connected()
    driver.send(json.dumps([{"type": "ping", "id": 1}, {"type": "subscribe", "id": 2, "runKey": RUN}]))
    assert driver.effects() == [OpenRun(RUN, 0, 1)]
    assert driver.heard() == [Pong(id=1)]


def test_a_bad_message_of_an_array_does_not_hide_the_others() -> None:
    driver = connected()
    driver.send('[{"type":"ping"},{"type":"ping","id":2}]')
    error, pong = driver.heard()
    assert error.code == "invalid_request"
    assert pong == Pong(id=2)


def test_several_messages_travel_in_one_frame() -> None:
    driver = connected()
    for _ in range(3):
        driver.say("ping")
    (frame,) = driver.frames()
    assert messages_of(frame) == [Pong(id=1), Pong(id=2), Pong(id=3)]


def test_a_frame_ends_at_the_message_that_makes_it_large() -> None:
    driver = connected()
    driver.follow_topic()
    runs = [state_of(f"Run-{number}") for number in range(500)]
    driver.offer(*runs)
    frames = driver.frames()
    assert len(frames) > 1
    assert all(len(frame) < 70_000 for frame in frames)
    assert sum(len(messages_of(frame)) for frame in frames) == 500


def test_an_unknown_message_is_an_error_with_its_id_and_the_connection_lives() -> None:
    driver = connected(malformed_limit=2)
    for number in range(5):
        driver.send(json.dumps({"type": "subscribeAll", "id": number}))
    told = driver.heard()
    assert [(message.id, message.code) for message in told] == [(number, "unknown_message") for number in range(5)]
    assert "'subscribeAll'" in told[0].detail
    assert driver.closed_with() is None


@pytest.mark.parametrize(
    ("frame", "id_", "says"),
    [
        ("{", UNSET, "no JSON"),
        ("", UNSET, "no JSON"),
        ("[", UNSET, "no JSON"),
        ("[]", UNSET, "no message"),
        ("12", UNSET, "an object"),
        ("null", UNSET, "an object"),
        ("[[]]", UNSET, "an object"),
        ("[" * 20_000, UNSET, "no JSON"),
        ('{"a":' * 5_000, UNSET, "no JSON"),
        ('{"id":4}', 4, "type"),
        ('{"type":7,"id":4}', 4, "type"),
        ('{"type":"ping"}', UNSET, "id"),
        ('{"type":"ping","id":1.5}', UNSET, "id"),
        ('{"type":"ping","id":true}', UNSET, "id"),
        ('{"type":"ping","id":null}', UNSET, "id"),
        ('{"type":"ping","id":4,"more":1}', 4, "more"),
        ('{"type":"subscribe","id":4}', 4, "exactly one"),
        ('{"type":"subscribe","id":4,"runKey":"a","topic":"runs"}', 4, "exactly one"),
        ('{"type":"subscribe","id":4,"topic":"weather"}', 4, "weather"),
        ('{"type":"subscribe","id":4,"runKey":9}', 4, "runKey"),
        ('{"type":"subscribe","id":4,"runKey":"a","rev":[1]}', 4, "rev"),
        ('{"type":"subscribe","id":4,"runKey":"a","rev":["1","2"]}', 4, "rev"),
        ('{"type":"subscribe","id":4,"runKey":"a","attempt":0}', 4, "attempt"),
        ('{"type":"subscribe","id":4,"runKey":"a","attempt":"2"}', 4, "attempt"),
        ('{"type":"unsubscribe","id":4}', 4, "exactly one"),
    ],
)
def test_a_malformed_message_is_an_error_that_says_what_is_wrong(frame: str, id_: Any, says: str) -> None:
    driver = connected()
    driver.send(frame)
    (told,) = driver.heard()
    assert isinstance(told, ErrorMessage)
    assert (told.id, told.code, told.retryable) == (id_, "invalid_request", False)
    assert says in told.detail
    assert driver.closed_with() is None


@pytest.mark.parametrize("key", ["", "../etc", "a\n", "a" * 129, ".hidden", "ключ"])
def test_what_is_no_run_key_is_a_run_that_is_not_found(key: str) -> None:
    driver = connected()
    driver.say("subscribe", runKey=key, id=4)
    (told,) = driver.heard()
    assert (told.id, told.code) == (4, "run_not_found")
    assert driver.effects() == []


def test_malformed_again_and_again_ends_the_connection_with_4400() -> None:
    driver = connected(malformed_limit=3)
    for _ in range(2):
        driver.send("{")
    assert driver.closed_with() is None
    driver.send("{")
    assert len(driver.heard()) == 3, "what is wrong is told first"
    assert driver.session.closing == Close(CloseCode.MALFORMED, "malformed again and again")


def test_a_good_message_between_malformed_ones_is_forgiving() -> None:
    driver = connected(malformed_limit=3)
    for _ in range(5):
        driver.send("{")
        driver.send("{")
        driver.say("ping")
    assert driver.closed_with() is None


def test_a_binary_frame_ends_the_connection_with_1003() -> None:
    driver = connected()
    driver.send(b'{"type":"ping","id":1}')
    assert driver.heard() == []
    assert driver.closed_with() == 1003


@pytest.mark.parametrize(("text", "fits"), [("x" * 80, True), ("x" * 81, False), ("ж" * 40, True), ("ж" * 41, False)])
def test_a_frame_with_too_many_bytes_ends_the_connection_with_1009(text: str, fits: bool) -> None:
    driver = connected(max_frame_bytes=80 + len('{"type":"ping","id":""}'))
    driver.send('{"type":"ping","id":"' + text + '"}')
    if fits:
        assert driver.heard() == [Pong(id=text)]
    else:
        assert driver.heard() == []
        assert driver.closed_with() == 1009


def test_more_messages_than_the_burst_end_the_connection_with_4429() -> None:
    driver = connected(frames_per_s=10, frame_burst=5)
    for _ in range(5):
        driver.say("ping")
    assert driver.closed_with() is None
    driver.say("ping")
    assert driver.closed_with() == 4429


def test_messages_of_an_array_count_each() -> None:
    driver = connected(frames_per_s=10, frame_burst=5)
    driver.send("[" + ",".join(['{"type":"ping","id":1}'] * 6) + "]")
    assert len(driver.heard()) == 5
    assert driver.closed_with() == 4429


def test_messages_at_the_allowed_rate_go_on_for_ever() -> None:
    driver = connected(frames_per_s=10, frame_burst=2)
    for _ in range(100):
        driver.say("ping")
        driver.heard()
        driver.now += 0.1
    assert driver.closed_with() is None


def test_nothing_is_served_after_the_connection_is_closing() -> None:
    driver = connected()
    driver.send(b"")
    driver.say("subscribe", runKey=RUN)
    assert driver.effects() == []
    assert driver.heard() == []


def test_one_subscription_too_many_is_an_error_and_the_others_live() -> None:
    driver = connected(max_subscriptions=2)
    driver.follow(state_of())
    driver.say("subscribe", topic="system")
    assert driver.effects() == [OpenTopic("system", 1, 2)]
    driver.say("subscribe", runKey=OTHER, id="third")
    driver.say("subscribe", topic="runs", id="fourth")
    told = driver.heard()
    assert [(message.id, message.code) for message in told] == [
        ("third", "too_many_subscriptions"),
        ("fourth", "too_many_subscriptions"),
    ]
    assert driver.effects() == []
    assert len(driver.tell(state_of(rev=(1, 2)))) == 1


def test_a_run_that_is_followed_already_takes_no_room() -> None:
    driver = connected(max_subscriptions=1)
    driver.follow(state_of())
    driver.say("subscribe", runKey=RUN, id="again")
    (told,) = driver.heard()
    assert told.current is True


def test_a_subscription_that_ended_makes_room() -> None:
    driver = connected(max_subscriptions=1)
    driver.follow(state_of(status="Completed"))
    driver.effects()
    assert len(driver.follow(state_of(OTHER))) == 1


def test_draining_ends_with_1012_after_what_was_answered() -> None:
    driver = connected()
    driver.say("ping")
    driver.session.close(CloseCode.RESTART, "the server restarts")
    assert driver.session.next_due() == 0.0
    assert driver.heard() == [Pong(id=1)]
    assert driver.session.closing == Close(CloseCode.RESTART, "the server restarts")


def test_the_first_reason_to_close_stands() -> None:
    driver = connected()
    driver.send(b"")
    driver.session.close(CloseCode.RESTART, "the server restarts")
    assert driver.closed_with() == 1003


def test_unsent_answers_are_counted() -> None:
    driver = connected()
    for _ in range(3):
        driver.say("ping")
    assert driver.session.backlog == 3
    driver.heard()
    assert driver.session.backlog == 0
