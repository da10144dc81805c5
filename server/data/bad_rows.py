"""Collects what is wrong with the rows of a file, so that a user sees the first mistakes at once."""

from typing import Final

from server.contract.problems import FieldError, ForgeError

_LISTED: Final = 20
_ENOUGH: Final = 1_000


class BadRows:
    """Keeps the first reasons with their line numbers (from 1, the header's line included) and counts the rest."""

    def __init__(self) -> None:
        self._listed: dict[int, str] = {}
        self._lines: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, line: int, reason: str) -> None:
        """Notes a bad row; a line counts once, with its first reason. ForgeError when there are far too many."""
        if line in self._lines:
            return
        self._lines.add(line)
        if len(self._listed) < _LISTED:
            self._listed[line] = reason
        if len(self._lines) >= _ENOUGH:
            self.refuse()

    def refuse(self) -> None:
        """Raises ForgeError `bad_rows` with the lines, if there are any."""
        count = len(self._lines)
        if not count:
            return
        lines = sorted(self._listed.items())
        first_line, first_reason = lines[0]
        bad = "1 row is" if count == 1 else f"{count:,} rows are"
        at_least = "at least " if count >= _ENOUGH else ""
        raise ForgeError(
            "bad_rows",
            f"{at_least}{bad} bad, nothing was imported; line {first_line}: {first_reason}",
            errors=tuple(FieldError(path=f"line {line}", message=reason) for line, reason in lines),
        )
