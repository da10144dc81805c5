"""How long the broker of one process remembers."""

import pytest

from server.broker import memory
from server.broker.memory import KEEP_FINAL_S, MemoryBroker
from server.broker.port import BrokerEvent
from server.contract.run import Revision
from tests.states import OTHER, RUN, state_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_final_state_is_forgotten_after_a_while_and_still_refuses_older_ones() -> None:
    clock = Clock()
    broker = MemoryBroker(clock)
    await broker.publish(state_of(rev=(1, 5), status="Completed"))
    clock.now += KEEP_FINAL_S - 1
    assert await broker.snapshot(RUN) is not None
    clock.now += 1
    assert await broker.snapshot(RUN) is None
    assert not await broker.publish(state_of(rev=(1, 4)))
    assert await broker.publish(state_of(rev=(2, 1), attempt=2))


async def test_a_state_that_is_not_final_is_never_forgotten() -> None:
    clock = Clock()
    broker = MemoryBroker(clock)
    await broker.publish(state_of(rev=(1, 5), status="Failed"))
    await broker.publish(state_of(rev=(2, 1), attempt=2))
    clock.now += 1_000_000
    assert await broker.snapshot(RUN) == state_of(rev=(2, 1), attempt=2)


async def test_no_more_than_so_many_final_states_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MAX_FINALS", 3)
    broker = MemoryBroker(Clock())
    for number in range(5):
        await broker.publish(state_of(f"Run-{number}", status="Completed"))
    kept = [number for number in range(5) if await broker.snapshot(f"Run-{number}") is not None]
    assert kept == [2, 3, 4]


async def test_the_oldest_fences_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MAX_FENCES", 2)
    broker = MemoryBroker(Clock())
    for number in range(3):
        await broker.remove(f"Run-{number}", Revision(2, 0))
    accepted = [number for number in range(3) if await broker.publish(state_of(f"Run-{number}", rev=(1, 1)))]
    assert accepted == [0]


async def test_a_subscriber_that_another_one_sends_away_is_told_no_more() -> None:
    broker = MemoryBroker()
    told: list[BrokerEvent] = []
    second = broker.subscribe(RUN, told.append)

    async def leave() -> None:
        await second.__aexit__(None, None, None)

    def send_away(_: BrokerEvent) -> None:
        with pytest.raises(StopIteration):
            leave().send(None)  # nothing in it waits

    async with broker.subscribe(RUN, send_away):
        await second.__aenter__()
        await broker.publish(state_of())
        await broker.publish(state_of(OTHER))
    assert told == []
