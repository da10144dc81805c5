"""The receivers of a server together, each with a courier of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from server.background import in_background
from server.contract.problems import ForgeError
from server.contract.run import RunSnapshot
from server.store.port import Notice
from server.webhooks.courier import Courier, KeptNotices, Patience
from server.webhooks.events import end_event, message_id_of
from server.webhooks.posting import poster_with
from server.webhooks.receivers import receivers_of

_COUNT_S: Final = 5.0


class NoticeStore(KeptNotices, Protocol):
    """Keeps what receivers are to be told."""

    async def keep_receivers(self, receivers: Sequence[str]) -> None:
        """Forgets what others were to be told."""
        ...

    async def waiting_notices(self) -> Mapping[str, int]:
        """How many wait, by receiver."""
        ...


@dataclass(frozen=True)
class ReceiverFigures:
    """What was done for a receiver since the start; `waiting`: how many messages lay in the store of late."""

    name: str
    delivered: int
    retried: int
    given_up: int
    waiting: int
    failing: bool


class Webhooks:
    """Implements `runs.notices.Notices`."""

    def __init__(self, couriers: Sequence[Courier], store: NoticeStore, base_url: str) -> None:
        self._couriers = couriers
        self._store = store
        self._waiting: Mapping[str, int] = {}
        self._base_url = base_url

    def of_end(
        self, snapshot: RunSnapshot, metrics: Mapping[str, Any] | None, stop_reason: str | None
    ) -> Sequence[Notice]:
        """What each receiver is to be told of the end of an attempt."""
        if not self._couriers:
            return ()
        body, message_id = end_event(snapshot, metrics, stop_reason, self._base_url), message_id_of(snapshot)
        return [
            Notice(
                receiver=courier.receiver.key,
                message_id=message_id,
                run_key=snapshot.run_key,
                attempt=snapshot.run.attempt,
                body=body,
            )
            for courier in self._couriers
        ]

    def wake(self) -> None:
        """There are new notices in the store."""
        for courier in self._couriers:
            courier.wake()

    def figures(self) -> list[ReceiverFigures]:
        """By receiver."""
        return [
            ReceiverFigures(
                name=one.receiver.name,
                delivered=one.delivered,
                retried=one.retried,
                given_up=one.given_up,
                waiting=self._waiting.get(one.receiver.key, 0),
                failing=one.failing,
            )
            for one in self._couriers
        ]

    async def count(self) -> None:
        """Counts again and again what waits, while there are receivers; ends at once without any."""
        while self._couriers:
            with suppress(ForgeError):  # a store in trouble: then the last count stays
                self._waiting = await self._store.waiting_notices()
            await asyncio.sleep(_COUNT_S)


@asynccontextmanager
async def webhooks_to(
    urls: Iterable[str], key: bytes, store: NoticeStore, *, base_url: str = "", patience: Patience | None = None
) -> AsyncIterator[Webhooks]:
    """Brings messages while the block lasts; those of receivers that are no longer named are forgotten."""
    receivers = receivers_of(urls)
    await store.keep_receivers([receiver.key for receiver in receivers])
    async with poster_with(key) as poster:
        couriers = [Courier(receiver, store, poster, patience or Patience()) for receiver in receivers]
        webhooks = Webhooks(couriers, store, base_url)
        async with in_background(*(courier.run() for courier in couriers), webhooks.count()):
            yield webhooks
