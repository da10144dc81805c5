"""A task of a cluster as its owner holds it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from server.execution.cluster.orders import Answer
from server.execution.cluster.remote_task import RemoteTask
from server.execution.codec import encode
from server.execution.port import Counts
from server.execution.tasks import CalibrateDone, TaskFailed

if TYPE_CHECKING:
    from tests.conftest import Workshop

Make = Callable[..., RemoteTask]
CODE = """
class Probe(Strategy):
    def on_bar(self, bar):
        return
"""
FULL = TaskFailed(cause="refused", message="The disk is full.", code="disk_full")


@pytest.fixture
def make(workshop: "Workshop") -> Make:
    def made(patience_s: float = 60.0, on_deaf: Callable[[str], None] = lambda _: None) -> RemoteTask:
        task = workshop.calibration(workshop.strategy(CODE), workshop.data(10), [{}])
        return RemoteTask("1", task, patience_s=patience_s, timeout_s=None, on_deaf=on_deaf)

    return made


def answer(**said: Any) -> Answer:
    plain: dict[str, Any] = {"host": "tcp://a", "outcome": None, "unable": None, "counts": Counts()}
    return Answer(**(plain | {"worked_s": 0.0, "restarts": 0} | said))


async def test_an_answer_that_nobody_wanted_leaves_the_task_to_be_done_again(make: Make) -> None:
    task = make()
    task.give_out()
    assert task.begin("one", "tcp://a")
    task.answered(answer())
    assert (task.done, task.is_of("one"), task.at_host) == (False, False, False)
    assert task.begin("two", "tcp://b")
    done = CalibrateDone(bars=10, seconds=1.0)
    task.answered(answer(outcome=encode(done), worked_s=2.5))
    task.ended.set()
    assert (await task.outcome(), task.worked_s()) == (done, 2.5)


async def test_a_task_that_its_machine_gave_up_by_itself_is_done_again(make: Make) -> None:
    task = make()
    task.give_out()
    task.begin("one", "tcp://a")
    given_up = encode(TaskFailed(cause="cancelled", message="the executor is stopping"))
    task.answered(answer(outcome=given_up))
    assert not task.done
    task.begin("two", "tcp://b")
    task.cancel()
    task.answered(answer(outcome=given_up))
    assert task.done


async def test_machines_that_cannot_do_a_task_are_avoided_until_it_has_failed(make: Make) -> None:
    task = make()
    task.give_out()
    for host in ("tcp://a", "tcp://b"):
        task.begin(host, host)
        task.answered(answer(host=host, unable=FULL))
        assert not task.done
    assert task.avoided == {"tcp://a", "tcp://b"}
    task.begin("three", "tcp://a")
    task.answered(answer(unable=FULL))
    task.ended.set()
    assert await task.outcome() == FULL


async def test_a_task_that_is_to_stop_is_taken_by_nobody(make: Make) -> None:
    task = make()
    task.give_out()
    task.begin("one", "tcp://a")
    task.cancel()
    assert not task.begin("two", "tcp://b")
    assert task.done


async def test_a_machine_that_is_heard_of_while_it_stops_is_not_deaf(make: Make) -> None:
    deaf = list[str]()
    task = make(patience_s=60.0, on_deaf=deaf.append)
    task.give_out()
    task.begin("one", "tcp://a")
    task.cancel()
    task._heard_s -= 61.0  # as if it was a minute ago
    assert task.is_of("one")
    task._look_whether_deaf()
    assert (task.done, deaf) == (False, [])
    task._heard_s -= 61.0
    task._look_whether_deaf()
    assert (task.done, deaf) == (True, ["tcp://a"])


async def test_a_task_that_no_machine_has_ends_at_once_when_it_is_cancelled(make: Make, tmp_path: Path) -> None:
    task = make()
    task.cancel()
    async with asyncio.timeout(5):
        assert await task.outcome() == TaskFailed(cause="cancelled", message="cancelled before it started")
