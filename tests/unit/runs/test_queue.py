"""The order in which runs wait."""

import pytest

from server.contract.problems import ForgeError
from server.runs.queue import RunQueue


def queue(limit: int = 10) -> RunQueue[str]:
    return RunQueue(limit)


def test_higher_priorities_go_first_and_equals_keep_their_order() -> None:
    waiting = queue()
    for key, priority in (("a", "low"), ("b", "normal"), ("c", "high"), ("d", "normal")):
        waiting.push(key, key, priority)  # type: ignore[arg-type]  # literals of a loop
    assert [waiting.position(key) for key in "cbda"] == [1, 2, 3, 4]
    assert waiting.first(lambda _: True) == "c"
    assert waiting.first(lambda key: key in "ad") == "d"


def test_a_run_that_left_has_no_place() -> None:
    waiting = queue()
    waiting.push("a", "a", "normal")
    assert waiting.remove("a")
    assert not waiting.remove("a")
    assert waiting.position("a") is None
    assert len(waiting) == 0


def test_reserved_places_count_until_they_are_given_back() -> None:
    waiting = queue(limit=2)
    waiting.push("a", "a", "normal")
    waiting.reserve()
    with pytest.raises(ForgeError) as caught:
        waiting.reserve()
    assert (caught.value.code, caught.value.retry_after_s) == ("queue_full", 5)
    waiting.release()
    waiting.reserve()
