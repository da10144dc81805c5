"""What the bar loop reports to, and what may stop it."""

from typing import Protocol


class Progress(Protocol):
    """One task's cell on the board, or a fake: told once a block of bars, never once a bar."""

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """`bars` are done since the start, the last one opened at `bar_time_ms`; `equity` in quote currency."""
        ...

    def cancelled(self) -> bool:
        """Whether the loop is to stop; cheap enough to be asked every millisecond."""
        ...
