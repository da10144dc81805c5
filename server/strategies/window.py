"""Fixed-size numeric memory for strategies and indicators."""

from typing import TypeVar

_Number = TypeVar("_Number", int, float)


class Window(list[_Number]):
    """A list of numbers that keeps its length; made in `init` (or an indicator's `__init__`), indexed from 0.

    The compiled form is a stretch of one arena, so it can neither grow nor be sliced.
    """

    __slots__ = ()


def window(n: int) -> Window[float]:
    """`n` floats, all 0.0; raises ValueError unless `n` ≥ 1."""
    return Window([0.0] * _checked(n))


def int_window(n: int) -> Window[int]:
    """`n` whole numbers, all 0; raises ValueError unless `n` ≥ 1."""
    return Window([0] * _checked(n))


def _checked(n: int) -> int:
    if n < 1:
        raise ValueError(f"a window holds at least one number, not {n}")
    return n
