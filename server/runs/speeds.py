"""How many bars a second each strategy was seen to do on one worker, to tell how long a sweep may take."""

from typing import Final

_WEIGHT: Final = 0.3


class Speeds:
    """Remembers a smoothed rate by source hash; measured on real runs, never for an estimate."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._rates: dict[str, float] = {}

    def note(self, source_hash: str, bars: int, seconds: float) -> None:
        """A worker did `bars` in `seconds`; too short ones say nothing."""
        if bars <= 0 or seconds <= 0:
            return
        rate = bars / seconds
        before = self._rates.get(source_hash, rate)
        self._rates[source_hash] = before + _WEIGHT * (rate - before)

    def seconds(self, source_hash: str, bars: int, *, most: int | None = None) -> float | None:
        """How long `bars` would take all workers, or `most` of them; None when the strategy never ran."""
        rate = self._rates.get(source_hash)
        return round(bars / rate / min(self._workers, most or self._workers), 3) if rate else None
