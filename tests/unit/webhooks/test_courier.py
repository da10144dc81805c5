"""A courier whose store is in trouble."""

import asyncio
from typing import Any

import pytest

from server.contract.problems import ForgeError
from server.store.port import KeptNotice
from server.webhooks.courier import Courier, Patience
from server.webhooks.posting import Answered
from server.webhooks.receivers import receivers_of

PATIENCE = Patience(first_pause_s=0.0, store_pause_s=0.0)


class FullDisk:
    """Has one message and forgets it; the first `fails` changes are refused."""

    def __init__(self, fails: int) -> None:
        self.fails = fails
        self.waiting: list[KeptNotice] = [
            KeptNotice(
                receiver="a", number=1, message_id="msg_1", run_key="k", attempt=1, body=b"{}", kept_ms=0, refusals=0
            )
        ]
        self.refused = 0
        self.empty = asyncio.Event()

    async def next_notice(self, receiver: str) -> KeptNotice | None:
        if not self.waiting:
            self.empty.set()
        return self.waiting[0] if self.waiting else None

    async def refuse_notice(self, number: int) -> None:
        self._change()
        self.refused += 1

    async def forget_notice(self, number: int) -> None:
        self._change()
        self.waiting.clear()

    def _change(self) -> None:
        self.fails -= 1
        if self.fails >= 0:
            raise ForgeError("store_unavailable", "The disk is full.")


class Answers:
    """Posts nothing, and has these answers."""

    def __init__(self, *statuses: int) -> None:
        self.left = list(statuses)

    async def post(self, *message: object) -> Answered:
        return Answered(self.left.pop(0))


@pytest.mark.parametrize("statuses", [(200,), (500, 200)])
async def test_a_message_is_not_posted_again_because_the_disk_is_full(statuses: tuple[int, ...]) -> None:
    disk, poster = FullDisk(fails=3), Answers(*statuses)
    made: Any = poster
    courier = Courier(receivers_of(["http://a.example"])[0], disk, made, PATIENCE, now_s=lambda: 0.0)
    task = asyncio.create_task(courier.run())
    async with asyncio.timeout(5):
        await disk.empty.wait()
    task.cancel()
    await asyncio.wait([task])
    assert (poster.left, courier.delivered, disk.refused) == ([], 1, len(statuses) - 1)
