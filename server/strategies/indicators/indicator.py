"""What stock and users' indicators derive from."""

from typing import ClassVar


class Indicator:
    """Base of streaming indicators: numbers and windows made in `__init__`, an `update` for each bar.

    `lines` names what charts show of it.
    """

    lines: ClassVar[tuple[str, ...]] = ("value",)
    ready: bool


def checked_period(n: int, name: str = "period") -> int:
    """`n`, when it counts at least one bar; raises ValueError that says which period is wrong otherwise."""
    if n < 1:
        raise ValueError(f"the {name} is at least 1, not {n}")
    return n
