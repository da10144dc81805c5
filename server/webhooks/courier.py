"""Brings one receiver its messages, in order, until it has taken them."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from server.contract.problems import ForgeError
from server.store.port import KeptNotice
from server.webhooks.posting import Answered, Poster
from server.webhooks.receivers import Receiver

_log: Final = logging.getLogger(__name__)


class KeptNotices(Protocol):
    """What is still to be brought, kept across restarts."""

    async def next_notice(self, receiver: str) -> KeptNotice | None:
        """The oldest one of a receiver."""
        ...

    async def refuse_notice(self, number: int) -> None:
        """Counts one more try that the receiver answered and did not take."""
        ...

    async def forget_notice(self, number: int) -> None:
        """Forgets one that was taken, or given up."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long a message is tried: not once it is `give_up_s` old, nor refused `refusals` times.

    The n-th pause in a row is `first_pause_s` × 2ⁿ, at most `longest_pause_s`, and a random half of that less.
    """

    give_up_s: float = 3 * 86_400.0
    refusals: int = 200
    first_pause_s: float = 1.0
    longest_pause_s: float = 600.0
    store_pause_s: float = 1.0

    def pause_s(self, tries: int, jitter: float) -> float:
        """After so many tries in vain, from 1 on; `jitter` in [0, 1)."""
        longest = min(self.longest_pause_s, self.first_pause_s * 2.0 ** min(tries - 1, 60))
        return longest * (1 - jitter / 2)


_PATIENCE: Final = Patience()


class Courier:
    """Counts what it did since the start; `failing` holds from a try in vain until one succeeds."""

    def __init__(
        self,
        receiver: Receiver,
        notices: KeptNotices,
        poster: Poster,
        patience: Patience = _PATIENCE,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self.receiver = receiver
        self.delivered = 0
        self.retried = 0
        self.given_up = 0
        self.failing = False
        self._notices = notices
        self._poster = poster
        self._patience = patience
        self._now_s = now_s
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is something to bring."""
        self._news.set()

    async def run(self) -> None:
        """For ever."""
        while True:
            self._news.clear()
            try:
                notice = await self._notices.next_notice(self.receiver.key)
                if notice is None:
                    await self._news.wait()
                else:
                    await self._bring(notice)
            except ForgeError as error:
                _log.warning("what receivers are to be told cannot be read", extra={"code": error.code})
                await asyncio.sleep(self._patience.store_pause_s)

    async def _bring(self, notice: KeptNotice) -> None:
        """Tries until the message is taken or given up: what follows it has to wait, or it would overtake it."""
        tries = 0
        refusals = notice.refusals
        while True:
            if self._too_old(notice):
                await self._give_up(notice, "it is too old")
                return
            answered = await self._poster.post(self.receiver, notice.message_id, notice.body)
            if answered.taken:
                await self._taken(notice)
                return
            tries += 1
            self._note_failure(notice, answered, tries)
            if answered.status is not None:
                refusals += 1
                if refusals >= self._patience.refusals:
                    await self._give_up(notice, f"it was refused {refusals} times")
                    return
                await self._kept(self._notices.refuse_notice, notice)
            asked_s = min(answered.retry_after_s, self._patience.longest_pause_s)
            await asyncio.sleep(max(asked_s, self._patience.pause_s(tries, random.random())))

    def _too_old(self, notice: KeptNotice) -> bool:
        return self._now_s() - notice.kept_ms / 1000 > self._patience.give_up_s

    async def _taken(self, notice: KeptNotice) -> None:
        self.delivered += 1
        if self.failing:
            self.failing = False
            _log.info("a webhook receiver takes messages again", extra={"receiver": self.receiver.name})
        await self._kept(self._notices.forget_notice, notice)

    def _note_failure(self, notice: KeptNotice, answered: Answered, tries: int) -> None:
        self.retried += 1
        # Loud once, not with every try: a receiver may be away for days.
        level = logging.DEBUG if self.failing else logging.WARNING
        self.failing = True
        extra = {**self._about(notice), "reason": answered.reason, "tries": tries}
        _log.log(level, "a webhook was not taken; it is tried again", extra=extra)

    async def _give_up(self, notice: KeptNotice, why: str) -> None:
        self.given_up += 1
        _log.error("a webhook is given up", extra={**self._about(notice), "reason": why})
        await self._kept(self._notices.forget_notice, notice)

    async def _kept(self, note: Callable[[int], Awaitable[None]], notice: KeptNotice) -> None:
        """Notes what came of a try until the store has it: a full disk must not have the message sent once a second."""
        while True:
            try:
                await note(notice.number)
            except ForgeError as error:
                extra = {**self._about(notice), "code": error.code}
                _log.warning("what came of a webhook cannot be stored yet", extra=extra)
                await asyncio.sleep(self._patience.store_pause_s)
            else:
                return

    def _about(self, notice: KeptNotice) -> dict[str, object]:
        return {"run_key": notice.run_key, "attempt": notice.attempt, "receiver": self.receiver.name}
