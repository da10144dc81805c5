"""Follows a run to its end: over the socket, and by asking for its status while that is lost."""

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from server.client.errors import ConnectionFailed, ProblemError
from server.client.socket import SocketLost
from server.contract.requests import RunKind
from server.contract.run import RunInfo, RunSnapshot, RunState
from server.contract.status import AnyStatus

Link = Literal["live", "polling"]
"""How states arrive: over the socket, or by asking while that is lost."""

_PASSING: Final = frozenset({429, 503})
"""Statuses after which the same question may be answered."""


@dataclass(frozen=True)
class Pace:
    """Seconds between questions for the status, and the bounds of the delay before the socket is tried again."""

    poll_s: Mapping[RunKind, float] = field(default_factory=lambda: {"backtest": 5.0, "optimization": 30.0})
    least_delay_s: float = 0.2
    most_delay_s: float = 8.0

    def delay_s(self, failures: int) -> float:
        """Full jitter: anything up to a bound that doubles with every failure in a row."""
        bound = min(self.most_delay_s, self.least_delay_s * 2 ** min(failures, 30))
        return random.uniform(0, bound)  # spreads clients, keeps no secret


@dataclass(frozen=True)
class Sources:
    """Where states come from: the socket (given the newest one known), and the status.

    Both are asked for the attempt that is followed. The socket ends after a final state of any attempt; a final status
    is the end, since until the attempt is visible its status is Pending.
    """

    socket: Callable[[RunSnapshot | None], AsyncGenerator[RunSnapshot, None]]
    status: Callable[[], Awaitable[AnyStatus]]


async def follow(
    sources: Sources,
    attempt: int | None,
    pace: Pace,
    patience_s: float,
    on_link: Callable[[Link], None] | None = None,
) -> AsyncGenerator[RunSnapshot, None]:
    """Every newer state until the final one of `attempt` or a later one, or of the older one that it was answered from.

    See `AsyncForge.watch` for the errors.
    """
    link = _Announced(on_link)
    last: RunSnapshot | None = None
    failures = 0
    clock = asyncio.get_running_loop().time
    next_poll = heard = clock()
    while True:
        try:
            async with contextlib.aclosing(sources.socket(last)) as states:
                async for found in states:
                    failures, heard = 0, clock()
                    link.becomes("live")
                    if _newer(found, last):
                        last = found
                        yield found
        except SocketLost:
            if last is not None:
                link.becomes("polling")
        else:
            if last is not None and _is_end(last, attempt):
                return
            # An older attempt has ended. Whether the awaited one was answered from it, the status tells.
            next_poll = clock()
        failures += 1
        give_up = heard + patience_s
        polled = await _ask(sources, give_up, never_heard=last is None) if clock() >= next_poll else None
        if polled is not None:
            heard = clock()
            if not polled.final:
                link.becomes("polling")
            next_poll = heard + pace.poll_s[polled.run.kind]
            if _newer(polled, last):
                last = polled
                yield polled
            if polled.final:
                return
        await asyncio.sleep(pace.delay_s(failures))


async def _ask(sources: Sources, give_up: float, *, never_heard: bool) -> RunSnapshot | None:
    """The status; None when it cannot be had now and may be had later, until the loop's clock passes `give_up`."""
    try:
        return snapshot_of(await sources.status())
    except (ConnectionFailed, ProblemError) as error:
        if _is_lasting(error, never_heard=never_heard) or asyncio.get_running_loop().time() > give_up:
            raise
        return None


class _Announced:
    """Tells of changes alone; that it begins `live` is no news."""

    def __init__(self, tell: Callable[[Link], None] | None) -> None:
        self._tell = tell
        self._now: Link = "live"

    def becomes(self, link: Link) -> None:
        if link != self._now and self._tell is not None:
            self._tell(link)
        self._now = link


def snapshot_of(status: AnyStatus) -> RunSnapshot:
    """The flat status as what the socket would have sent."""
    flat = msgspec.to_builtins(status)
    return RunSnapshot(run=msgspec.convert(flat, RunInfo), state=msgspec.convert(flat, RunState), rev=status.rev)


def _newer(found: RunSnapshot, last: RunSnapshot | None) -> bool:
    return last is None or found.run.store_id != last.run.store_id or found.rev > last.rev


def _is_end(found: RunSnapshot, attempt: int | None) -> bool:
    return found.final and found.run.attempt >= (attempt or 0)


def _is_lasting(error: ConnectionFailed | ProblemError, *, never_heard: bool) -> bool:
    """Whether asking again is of no use."""
    if isinstance(error, ProblemError):
        return error.status not in _PASSING
    return never_heard
