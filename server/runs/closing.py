"""What is left to be run once all trials of a sweep have ended."""

from collections.abc import Sequence
from typing import Protocol

from server.runs.sweep_messages import ChunkEnded, KeepCurves, RunWindow


class Closing(Protocol):
    """Asks for more of the workers than trials."""

    def begin(self, worked_s: float) -> Sequence[KeepCurves | RunWindow]:
        """All that is wanted; `worked_s`: how long all workers have worked at trials.

        ForgeError where a file of trials cannot be read.
        """
        ...

    def took(self, message: ChunkEnded) -> Sequence[KeepCurves | RunWindow]:
        """Takes an outcome into account; what is wanted again."""
        ...

    def warnings(self) -> list[str]:
        """What the result has to say of it."""
        ...
