"""Collects what is wrong with the rows of a file, so that a user sees the first mistakes at once."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from server.contract.problems import FieldError, ForgeError

_LISTED: Final = 20
_ENOUGH: Final = 1_000
_NOTED: Final = 100
_MOST_LEFT_OUT: Final = 1_000_000
"""Beyond, a file is not one of bars with a few mistakes; and what is remembered of a piece stays bounded."""


class BadRows:
    """Keeps the first reasons with the rows' numbers (from 1) and counts the rest.

    A row is a `line` of a text, its header counted, or a `row` of a table. With `quarantine` bad rows are left out, as
    long as most are good; else the first thousand end it.
    """

    def __init__(self, noun: str = "line", *, quarantine: bool = False) -> None:
        self.noun = noun
        self.quarantine = quarantine
        self._noted: dict[int, str] = {}
        self._here: set[int] = set()  # of the present piece, so that it is bounded
        self._before = 0
        self._unreadable = False
        self._enough = _MOST_LEFT_OUT if quarantine else _ENOUGH

    @property
    def count(self) -> int:
        """How many rows are bad."""
        return self._before + len(self._here)

    def add(self, number: int, reason: str) -> None:
        """Notes a bad row; it counts once, with its first reason. ForgeError when there are far too many."""
        if number in self._here:
            return
        self._here.add(number)
        if len(self._noted) < _NOTED:
            self._noted[number] = reason
        if self.count >= self._enough:
            self.refuse()

    def add_unreadable(self, number: int, reason: str) -> None:
        """Notes where the file cannot be read on: that cannot be left out, for nobody knows what follows."""
        self._unreadable = True
        self.add(number, reason)

    def good(self, numbers: Sequence[int]) -> npt.NDArray[np.bool_]:
        """(n,) bool: which of these rows of the present piece are not bad."""
        if not self._here:
            return np.ones(len(numbers), dtype=np.bool_)
        return np.fromiter((number not in self._here for number in numbers), np.bool_, len(numbers))

    def end_piece(self) -> None:
        """The rows of a piece are all checked; none of them is added again."""
        self._before += len(self._here)
        self._here.clear()

    def settle(self, good: int) -> None:
        """All rows are checked; raises ForgeError `bad_rows` unless there is none or they may be left out."""
        if self.count and (not self.quarantine or self._unreadable or self.count > good):
            self.refuse()

    def refuse(self) -> None:
        """Raises ForgeError `bad_rows` with the first rows."""
        rows = sorted(self._noted.items())[:_LISTED]
        first, first_reason = rows[0]
        bad = "1 row is" if self.count == 1 else f"{self.count:,} rows are"
        at_least = "at least " if self.count >= self._enough else ""
        too_many = ", too many to leave out" if self.quarantine and not self._unreadable else ""
        raise ForgeError(
            "bad_rows",
            f"{at_least}{bad} bad{too_many}, nothing was imported; {self.noun} {first}: {first_reason}",
            errors=tuple(FieldError(path=f"{self.noun} {number}", message=reason) for number, reason in rows),
        )

    def report(self) -> str:
        """What was left out, a row a line, for people."""
        lines = [f"{self.noun} {number}: {reason}" for number, reason in sorted(self._noted.items())]
        if self.count > len(lines):
            lines.append(f"and {self.count - len(lines):,} more")
        bad = "1 bad row was" if self.count == 1 else f"{self.count:,} bad rows were"
        return "\n".join([f"{bad} left out", *lines, ""])
