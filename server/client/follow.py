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
    """Where states come from: the socket (given the newest one known), and the status."""

    socket: Callable[[RunSnapshot | None], AsyncGenerator[RunSnapshot, None]]
    status: Callable[[], Awaitable[AnyStatus]]


async def follow(
    sources: Sources,
    attempt: int | None,
    pace: Pace,
    patience_s: float,
    on_link: Callable[[Link], None] | None = None,
) -> AsyncGenerator[RunSnapshot, None]:
    """Every newer state until the final one of `attempt` or a later one; see `AsyncForge.watch` for the errors."""
    link = _Announced(on_link)
    last: RunSnapshot | None = None
    failures = 0
    clock = asyncio.get_running_loop().time
    next_poll = heard = clock()
    while True:
        with contextlib.suppress(SocketLost):
            async with contextlib.aclosing(sources.socket(last)) as states:
                async for found in states:
                    failures, heard = 0, clock()
                    link.becomes("live")
                    if _newer(found, last):
                        last = found
                        yield found
            if last is not None and _is_end(last, attempt):
                return
        failures += 1
        if last is not None:
            link.becomes("polling")
        if clock() >= next_poll:
            try:
                polled = snapshot_of(await sources.status())
            except (ConnectionFailed, ProblemError) as error:
                if _is_lasting(error, never_heard=last is None) or clock() - heard > patience_s:
                    raise
            else:
                heard = clock()
                link.becomes("polling")
                next_poll = heard + pace.poll_s[polled.run.kind]
                if _newer(polled, last):
                    last = polled
                    yield polled
                if _is_end(polled, attempt):
                    return
        await asyncio.sleep(pace.delay_s(failures))


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
