"""Messages on their way from the store to receivers on real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec import structs

from server.contract.webhooks import RunEvent
from server.runs.notices import Notices
from server.store.database import SqliteStore
from server.store.failures import AttemptRefused
from server.store.notices import keep_notices
from server.webhooks.courier import Courier, Patience
from server.webhooks.posting import Poster
from server.webhooks.receivers import receivers_of
from server.webhooks.service import Webhooks, webhooks_to
from server.webhooks.signing import key_of, verify
from tests.hook_receiver import SECRET, HookReceiver, receiving
from tests.unit.store.runs import later, metrics, record
from tests.waiting import asks

KEY = key_of(SECRET)
QUICK = Patience(first_pause_s=0.01, longest_pause_s=0.05, refusals=8, store_pause_s=0.01)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "forge.sqlite3") as opened:
        yield opened


@pytest.fixture
def receiver() -> Iterator[HookReceiver]:
    with receiving() as it:
        yield it


def to(store: SqliteStore, *receivers: HookReceiver) -> AbstractAsyncContextManager[Webhooks]:
    return webhooks_to([one.url for one in receivers], KEY, store, patience=QUICK)


async def end(store: SqliteStore, notices: Notices, number: int) -> None:
    """A run that is Completed, as the ledger does it."""
    added = await store.add_attempt(record(number))
    final = later(added.snapshot, "Completed")
    told = metrics(netProfit=5.0, totalTrades=3)
    await store.finish(final, metrics=told, notices=notices.of_end(final, told, None))
    notices.wake()


async def until(receiver: HookReceiver, count: int, *, taken: bool = True) -> list[RunEvent]:
    got = await asyncio.to_thread(receiver.until, count, taken=taken)
    return [msgspec.json.decode(one.body, type=RunEvent) for one in got]


def numbers(events: list[RunEvent]) -> list[int]:
    return [int(event.data.run_key[-24:], 16) for event in events if event.data is not None]


async def waits(store: SqliteStore, count: int) -> None:
    """Returns once so many messages are left."""
    async for waiting in asks(store.waiting_notices, every_s=0.005):
        if sum(waiting.values()) == count:
            return


async def test_a_receiver_is_told_of_an_end_and_can_tell_by_whom(store: SqliteStore, receiver: HookReceiver) -> None:
    async with to(store, receiver) as webhooks:
        await end(store, webhooks, 1)
        (event,) = await until(receiver, 1)
        await waits(store, 0)
        figures = webhooks.figures()[0]
    assert event.type == "run.completed"
    assert event.data is not None
    assert event.data.metrics is not None
    assert (event.data.metrics.net_profit, event.data.metrics.total_trades) == (5.0, 3)
    assert event.data.links.status == f"/api/backtests/{event.data.run_key}/status"
    (got,) = receiver.got
    assert verify(SECRET, got.headers, got.body, now_s=time.time()) == got.headers["webhook-id"]
    assert (figures.delivered, figures.retried, figures.given_up, figures.failing) == (1, 0, 0, False)


async def test_what_is_refused_is_tried_again_and_nothing_overtakes_it(
    store: SqliteStore, receiver: HookReceiver
) -> None:
    receiver.answers = [500, 503, 302]
    async with to(store, receiver) as webhooks:
        for number in range(1, 6):
            await end(store, webhooks, number)
        assert numbers(await until(receiver, 5)) == [1, 2, 3, 4, 5]
    assert numbers(await until(receiver, 8, taken=False)) == [1, 1, 1, 1, 2, 3, 4, 5]
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 5


async def test_what_was_not_taken_is_brought_after_a_restart(tmp_path: Path, receiver: HookReceiver) -> None:
    receiver.status = 500
    async with SqliteStore.open(tmp_path / "it.sqlite3") as store, to(store, receiver) as webhooks:
        await end(store, webhooks, 1)
        await end(store, webhooks, 2)
        await until(receiver, 1, taken=False)
    receiver.status = 200
    async with SqliteStore.open(tmp_path / "it.sqlite3") as store, to(store, receiver) as webhooks:
        await end(store, webhooks, 3)
        assert numbers(await until(receiver, 3)) == [1, 2, 3]


async def test_a_receiver_that_hangs_delays_nobody_else(store: SqliteStore, receiver: HookReceiver) -> None:
    with receiving() as stuck:
        stuck.silent.set()
        async with to(store, stuck, receiver) as webhooks:
            for number in range(1, 4):
                await end(store, webhooks, number)
            assert numbers(await until(receiver, 3)) == [1, 2, 3]
            assert numbers(await until(stuck, 1, taken=False)) == [1]


async def test_a_try_has_a_limit(receiver: HookReceiver) -> None:
    receiver.silent.set()
    async with httpx.AsyncClient(trust_env=False) as http:
        answered = await Poster(http, KEY, timeout_s=0.05).post(receivers_of([receiver.url])[0], "msg_1", b"{}")
    assert (answered.status, answered.taken, answered.reason) == (None, False, "no answer within 0.05 s")


async def test_nobody_there_is_no_answer() -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answered = await Poster(http, KEY).post(receivers_of(["http://127.0.0.1:1/"])[0], "msg_1", b"{}")
    assert answered.status is None
    assert answered.reason


async def test_a_message_that_is_refused_for_ever_is_given_up(store: SqliteStore, receiver: HookReceiver) -> None:
    receiver.answers = [400] * QUICK.refusals
    async with to(store, receiver) as webhooks:
        await end(store, webhooks, 1)
        await end(store, webhooks, 2)
        assert numbers(await until(receiver, 1)) == [2]
        assert webhooks.figures()[0].given_up == 1


async def test_a_message_that_is_too_old_is_not_sent(store: SqliteStore, receiver: HookReceiver) -> None:
    async with webhooks_to([receiver.url], KEY, store) as webhooks:
        notices = webhooks.of_end(later(record(1).snapshot, "Failed"), None, None)
    async with httpx.AsyncClient(trust_env=False) as http:
        courier = Courier(
            receivers_of([receiver.url])[0], store, Poster(http, KEY), QUICK, now_s=lambda: time.time() + 4 * 86_400
        )
        added = await store.add_attempt(record(1))
        await store.finish(later(added.snapshot, "Failed"), notices=notices)
        task = asyncio.create_task(courier.run())
        await waits(store, 0)
        task.cancel()
        await asyncio.wait([task])
    assert (courier.given_up, receiver.got) == (1, [])


async def test_those_of_a_receiver_that_is_named_no_more_are_forgotten(
    store: SqliteStore, receiver: HookReceiver
) -> None:
    receiver.status = 500
    async with to(store, receiver) as webhooks:
        await end(store, webhooks, 1)
    async with to(store):
        await waits(store, 0)


async def test_an_end_that_is_not_kept_tells_nobody(store: SqliteStore, receiver: HookReceiver) -> None:
    receiver.status = 500
    async with to(store, receiver) as webhooks:
        await end(store, webhooks, 1)
        added = await store.load_attempt(record(1).run_key, 1)
        assert added is not None
        again = later(added.snapshot, "Failed")
        with pytest.raises(AttemptRefused):
            await store.finish(again, notices=webhooks.of_end(again, None, None))
        assert sum((await store.waiting_notices()).values()) == 1


async def test_what_too_many_wait_for_loses_the_oldest(store: SqliteStore, receiver: HookReceiver) -> None:
    (notice,) = Webhooks([Courier(receivers_of([receiver.url])[0], store, Poster(None, KEY))], store, "").of_end(  # type: ignore[arg-type]  # it posts nothing
        later(record(1).snapshot, "Failed"), None, None
    )
    for number in range(5):
        numbered = structs.replace(notice, message_id=f"msg_{number}")
        await store._writer.write(partial(keep_notices, notices=[numbered], most=3))
    oldest = await store.next_notice(notice.receiver)
    assert oldest is not None
    assert oldest.message_id == "msg_2"


def test_pauses_grow_to_a_limit() -> None:
    patience = Patience(first_pause_s=1, longest_pause_s=60)
    assert [patience.pause_s(tries, 0.0) for tries in (1, 2, 3, 7, 1_000)] == [1, 2, 4, 60, 60]
    assert patience.pause_s(2, 1.0) == 1


def test_receivers_of_one_host_have_different_names_without_their_paths() -> None:
    names = [one.name for one in receivers_of(["https://a.example/secret", "https://a.example/2", "http://b:81/x"])]
    assert names == ["a.example", "a.example#2", "b:81"]
    assert "secret" not in repr(receivers_of(["https://a.example/secret"]))
