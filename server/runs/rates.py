"""How fast a run goes, and when it will be done."""

import math
from typing import Final

_HALF_LIFE_S: Final = 2.0


class RateMeter:
    """An exponentially weighted rate of a rising count, half of whose weight is younger than two seconds."""

    def __init__(self) -> None:
        self._last: tuple[float, int] | None = None
        self._amount = 0.0
        self._weight = 0.0

    def add(self, now_s: float, count: int) -> None:
        """Notes that `count` were done at `now_s` (monotonic)."""
        if self._last is not None:
            elapsed = now_s - self._last[0]
            if elapsed <= 0:
                return
            decay = math.exp2(-elapsed / _HALF_LIFE_S)
            self._amount = self._amount * decay + (count - self._last[1])
            self._weight = self._weight * decay + elapsed
        self._last = (now_s, count)

    @property
    def per_second(self) -> float | None:
        """None until two samples were taken."""
        return round(self._amount / self._weight, 3) if self._weight > 0 else None

    def eta_s(self, remaining: int) -> float | None:
        """Seconds until `remaining` more are done at this rate; None while nothing moves."""
        rate = self.per_second
        return round(remaining / rate, 1) if rate else None
