"""Why bar code cannot be compiled: all reasons at once, each with its place."""

import ast
import linecache
from collections.abc import Sequence
from dataclasses import dataclass

from server.strategies.errors import shown_file


@dataclass(frozen=True)
class Problem:
    """One reason, at a line and column (from 0) of a file."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Reads as a compiler's message: place and reason, the line, a caret."""
        text = linecache.getline(self.file, self.line).rstrip("\n")
        place = f"{shown_file(self.file)}:{self.line}:{self.column + 1}: {self.message}"
        before = "".join("\t" if letter == "\t" else " " for letter in text[: self.column])
        return f"{place}\n    {text}\n    {before}^" if text else place


class Stop(Exception):
    """The statement at hand cannot be translated; its text says why, and nothing where that was told before.

    `node`: the expression that cannot be.
    """

    node: ast.AST | None = None


class NotCompilable(Exception):
    """A strategy's bar code, or what its `init` leaves, has no compiled form."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = tuple(
            sorted(dict.fromkeys(problems), key=lambda problem: (problem.file, problem.line, problem.column))
        )

    def __str__(self) -> str:
        """All problems, one after the other."""
        return "\n".join(str(problem) for problem in self.problems)

    @property
    def summary(self) -> str:
        """The first problem in one line, and how many more there are."""
        first = self.problems[0]
        if not first.file:
            return first.message
        more = len(self.problems) - 1
        others = f" (and {more} more)" if more else ""
        return f"{shown_file(first.file)}:{first.line}: {first.message}{others}"
