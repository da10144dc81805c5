"""Ends code that runs too long, where it stands."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Final, TypeVar

T = TypeVar("T")

_AGAIN_S: Final = 0.05
"""User code that catches everything meets the exception again and again."""


class TimeLimitExceeded(BaseException):
    """The time was over; no Exception, so that strategies do not catch it by accident."""


def within(limit_s: float | None, work: Callable[[], T]) -> T:
    """What `work` returns; TimeLimitExceeded thrown into it after `limit_s` seconds (None: never).

    Main thread only, and one at a time: it takes SIGALRM. Native code that does not return is not ended.
    """
    if limit_s is None:
        return work()
    alarm = _Alarm()
    try:
        alarm.set(limit_s)
        try:
            return work()
        finally:
            alarm.clear()
    except TimeLimitExceeded:
        alarm.clear()  # it may have rung on the way into the first clear()
        raise


class _Alarm:
    """The process's alarm clock."""

    def __init__(self) -> None:
        self._armed = False

    def set(self, limit_s: float) -> None:
        self._armed = True
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, limit_s, _AGAIN_S)

    def clear(self) -> None:
        self._armed = False  # first: what rings from here on throws nothing
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def _ring(self, _: int, __: FrameType | None) -> None:
        if self._armed:
            raise TimeLimitExceeded
