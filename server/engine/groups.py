"""Follows groups and brackets through the journal, which tells of single orders alone."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from server.engine.kernel.journal import FILLED, PLACED, Entry
from server.engine.kernel.records import SIGNAL, STOP_LOSS, TAKE_PROFIT

Transition = Literal["opened", "triggered", "held", "active", "stopLoss", "takeProfit", "ended"]
"""A group of which the first fill cancels the others: opened, triggered, ended. A bracket: held until its entry fills,
active, stopLoss or takeProfit (once a part of several), ended. Both end when no order of theirs waits any more, whether
or not one has filled."""

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
        self._entry = 0

    def follow(self, entry: Entry) -> Iterator[GroupChange]:
        """What this row of the journal changes; rows are given in order."""
        if entry.code == PLACED:
            yield from self._placed(entry)
            return
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

    def _placed(self, entry: Entry) -> Iterator[GroupChange]:
        if entry.purpose in _EXITS:  # a bracket is placed right behind its entry
            yield from self._join(_bracket(self._entry), entry.order, "held")
            return
        if entry.purpose == SIGNAL:
            self._entry = entry.order
        if entry.group:
            yield from self._join(f"oco:{entry.group}", entry.order, "opened")

    def _join(self, group: str, order: int, first: Transition) -> Iterator[GroupChange]:
        self._group_of[order] = group
        members = self._members.get(group)
        if members is None:
            self._members[group] = {order}
            yield GroupChange(group, first)
        else:
            members.add(order)


def _bracket(order: int) -> str:
    return f"bracket:{order}"
