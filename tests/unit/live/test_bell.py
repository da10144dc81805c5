"""What a connection waits on."""

import asyncio

from server.live.bell import Bell, Mailbox


async def started(*waits: "asyncio.Task[object]") -> None:
    """Lets every task come to where it waits."""
    await asyncio.sleep(0)
    assert not any(wait.done() for wait in waits)


async def test_a_bell_lets_all_go_on_who_wait_for_it() -> None:
    bell = Bell()
    waits = [asyncio.ensure_future(bell.wait()) for _ in range(3)]
    await started(*waits)

    bell.set()

    await asyncio.gather(*waits)


async def test_nobody_waits_for_a_bell_that_is_set() -> None:
    bell = Bell()
    bell.set()

    await bell.wait()

    assert bell.is_set()


async def test_a_cleared_bell_makes_those_wait_who_come_later() -> None:
    bell = Bell()
    bell.set()
    bell.clear()

    wait = asyncio.ensure_future(bell.wait())

    await started(wait)
    bell.set()
    await wait


async def test_a_waiter_that_is_cancelled_leaves_the_others_waiting() -> None:
    bell = Bell()
    leaving, staying = asyncio.ensure_future(bell.wait()), asyncio.ensure_future(bell.wait())
    await started(leaving, staying)

    leaving.cancel()
    await asyncio.wait([leaving])
    await started(staying)
    bell.set()

    await staying
    assert leaving.cancelled()


async def test_a_mailbox_gives_what_came_in_its_order() -> None:
    mailbox = Mailbox[int]()
    for number in range(3):
        mailbox.put_nowait(number)

    got = [await mailbox.get() for _ in range(3)]

    assert (got, mailbox.empty()) == ([0, 1, 2], True)


async def test_the_reader_of_an_empty_mailbox_waits() -> None:
    mailbox = Mailbox[str]()
    mailbox.put_nowait("first")
    await mailbox.get()
    reading = asyncio.ensure_future(mailbox.get())
    await started(reading)

    mailbox.put_nowait("second")

    assert await reading == "second"
