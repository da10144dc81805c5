"""Rolling extremes, at a cost that does not grow with their length.

By van Herk (1992) and Gil and Werman (1993): values come in blocks of `n`, and the last `n` are the end of one block
and the beginning of the next. `ring` holds the best of each position and all behind it in its block, `head` the best
of the block under way; `ring[n]` stands for the empty end.
"""

from server.strategies.indicators.indicator import Indicator, checked_period
from server.strategies.window import Window, int_window

_BELOW_ALL = -(2**62)
_ABOVE_ALL = 2**62


class RollingMax(Indicator):
    """The highest of the last `n` whole numbers, of fewer at the start; `ready` once there are `n`."""

    def __init__(self, n: int) -> None:
        self.n = checked_period(n)
        self.ring: Window[int] = int_window(n + 1)
        for k in range(n + 1):
            self.ring[k] = _BELOW_ALL
        self.k = 0
        self.count = 0
        self.head = _BELOW_ALL
        self.value = 0
        self.ready = False

    def update(self, x: int) -> int:
        """Takes the next value and returns the highest."""
        k = self.k
        ring = self.ring
        ring[k] = x
        head = self.head
        if x > head:
            head = x
        k += 1
        tail = ring[k]
        value = head if head > tail else tail
        if k == self.n:
            k = 0
            head = _BELOW_ALL
            tail = _BELOW_ALL
            for j in range(self.n - 1, -1, -1):
                if ring[j] > tail:
                    tail = ring[j]
                ring[j] = tail
        self.k = k
        self.head = head
        self.value = value
        if not self.ready:
            self.count += 1
            self.ready = self.count == self.n
        return value


class RollingMin(Indicator):
    """The lowest of the last `n` whole numbers, of fewer at the start; `ready` once there are `n`."""

    def __init__(self, n: int) -> None:
        self.n = checked_period(n)
        self.ring: Window[int] = int_window(n + 1)
        for k in range(n + 1):
            self.ring[k] = _ABOVE_ALL
        self.k = 0
        self.count = 0
        self.head = _ABOVE_ALL
        self.value = 0
        self.ready = False

    def update(self, x: int) -> int:
        """Takes the next value and returns the lowest."""
        k = self.k
        ring = self.ring
        ring[k] = x
        head = self.head
        if x < head:
            head = x
        k += 1
        tail = ring[k]
        value = head if head < tail else tail
        if k == self.n:
            k = 0
            head = _ABOVE_ALL
            tail = _ABOVE_ALL
            for j in range(self.n - 1, -1, -1):
                if ring[j] < tail:
                    tail = ring[j]
                ring[j] = tail
        self.k = k
        self.head = head
        self.value = value
        if not self.ready:
            self.count += 1
            self.ready = self.count == self.n
        return value
