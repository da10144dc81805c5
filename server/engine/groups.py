"""Follows groups and brackets through the journal, which tells of single orders alone."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from server.engine.kernel.journal import FILLED, MOVED, PAID, PLACED, SIGNALLED, WARNED, Entry
from server.engine.kernel.records import STOP_LOSS, TAKE_PROFIT

Transition = Literal["opened", "triggered", "held", "active", "moved", "stopLoss", "takeProfit", "ended"]
"""A group of which the first fill cancels the others: opened, triggered, ended. A bracket: held until its entry fills,
active, moved as often as one of its prices is, stopLoss or takeProfit (once a part of several), ended. Both end when no
order of theirs waits any more, whether or not one has filled."""

_NO_ORDERS: Final = (PAID, SIGNALLED, WARNED)
_EXITS: Final[dict[int, Transition]] = {STOP_LOSS: "stopLoss", TAKE_PROFIT: "takeProfit"}


class GroupChange(NamedTuple):
    """`group` is `oco:7` for the orders with group=7, `bracket:12` for what protects the position of order 12."""

    group: str
    transition: Transition


class Groups:
    """Knows the orders of groups and brackets that still wait, and no others."""

    def __init__(self) -> None:
        self._members: dict[str, set[int]] = {}
        self._group_of: dict[int, str] = {}

    def follow(self, entry: Entry) -> Iterator[GroupChange]:
        """What this row of the journal changes; rows are given in order."""
        if entry.code == PLACED:
            yield from self._placed(entry)
        elif entry.code == MOVED:
            yield GroupChange(self._group_of[entry.order], "moved")
        elif entry.code not in _NO_ORDERS:
            yield from self._gone(entry)

    def _placed(self, entry: Entry) -> Iterator[GroupChange]:
        if entry.group == 0:
            return
        group = _bracket(-entry.group) if entry.group < 0 else f"oco:{entry.group}"
        self._group_of[entry.order] = group
        members = self._members.setdefault(group, set())
        members.add(entry.order)
        if len(members) == 1:
            yield GroupChange(group, "held" if entry.group < 0 else "opened")

    def _gone(self, entry: Entry) -> Iterator[GroupChange]:
        """What a fill, or the end of an order without one, changes."""
        bracket = _bracket(entry.order)
        if entry.code == FILLED and bracket in self._members and abs(entry.lots) > entry.closed:
            yield GroupChange(bracket, "active")
        group = self._group_of.pop(entry.order, None)
        if group is None:
            return
        if entry.code == FILLED:
            yield GroupChange(group, _EXITS.get(entry.purpose, "triggered"))
        waiting = self._members[group]
        waiting.discard(entry.order)
        if not waiting:
            del self._members[group]
            yield GroupChange(group, "ended")


def _bracket(order: int) -> str:
    return f"bracket:{order}"
