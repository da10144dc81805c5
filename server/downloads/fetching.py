"""Fetches a series page by page, patiently: the order of requests, apart from whom they go to."""

import random
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final, Protocol, TypeVar

from server.downloads.messages import Progress, Waiting
from server.downloads.pages import Pages, Row

T = TypeVar("T")
_TRIES: Final = 8
_LONGEST_PAUSE_S: Final = 60.0


class Busy(Exception):
    """The exchange cannot answer now, or cannot be reached: asking again may help, at the earliest in `after_s`."""

    def __init__(self, reason: str, after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.after_s = after_s


class Source(Protocol):
    """One series of one exchange. Everything raises Busy for what passes."""

    @property
    def page_rows(self) -> int:
        """The most bars that one request gives."""
        ...

    def now_ms(self) -> int:
        """The exchange's time."""
        ...

    def page(self, since_ms: int) -> Sequence[Row]:
        """Some bars from there on, in any order; others may be among them."""
        ...

    def day_since(self, since_ms: int) -> int | None:
        """A time before which there is nothing from there on, by bars of days; None where there are no such bars."""
        ...


class Patience:
    """Asks again what an exchange was too busy for, ever more slowly, a limited number of times in a row."""

    def __init__(self, pause: Callable[[float], None], tell: Callable[[Waiting], None]) -> None:
        """`pause` sleeps for so many seconds; `tell` is told why before."""
        self._pause = pause
        self._tell = tell
        self._retries = 0

    def ask(self, request: Callable[[], T]) -> T:
        """The answer; Busy when there was none for two minutes or so."""
        for number in count():
            try:
                return request()
            except Busy as busy:
                if number + 1 == _TRIES:
                    raise
                pause_s = max(busy.after_s, min(_LONGEST_PAUSE_S, 2.0**number) * random.uniform(0.5, 1.0))
                self._retries += 1
                reason = f"{busy}; asking again in {pause_s:.0f} s"
                self._tell(Waiting(reason=reason, retries=self._retries))
                self._pause(pause_s)
        raise AssertionError("unreachable")


class Fetching:
    """One series on its way into its file, from `start_ms` or where the file ends, to `end_ms` or now."""

    def __init__(
        self,
        source: Source,
        pages: Pages,
        *,
        frame_ms: int,
        start_ms: int,
        end_ms: int | None,
        patience: Patience,
        tell: Callable[[Progress], None],
    ) -> None:
        self._source = source
        self._pages = pages
        self._frame_ms = frame_ms
        self._start_ms = start_ms
        self._end_ms = end_ms
        self._tell = tell
        self._patience = patience
        self._until_ms = start_ms

    def run(self) -> None:
        """Returns when all that there is, is in the file; Busy when the exchange gave up answering."""
        since = self._start_ms if self._pages.last_ms is None else self._pages.last_ms + self._frame_ms
        while since <= self._whole_until():
            asked = since
            found = self._good(self._patience.ask(lambda: self._source.page(asked)), since)  # noqa: B023  # asked at once
            self._pages.add(found)
            since = found[-1].ts_ms + self._frame_ms if found else self._beyond(since)
            self._tell(self._progress())

    def _whole_until(self) -> int:
        """Up to where a bar may open: the one that is still being made is left out."""
        newest = self._source.now_ms() - self._frame_ms
        self._until_ms = newest if self._end_ms is None else min(newest, self._end_ms)
        return self._until_ms

    def _good(self, rows: Sequence[Row], since: int) -> list[Row]:
        """Those asked for, in order, each once."""
        wanted = {row.ts_ms: row for row in rows if since <= row.ts_ms <= self._until_ms}
        return [wanted[ts_ms] for ts_ms in sorted(wanted)]

    def _beyond(self, since: int) -> int:
        """Where to go on when a page holds nothing: before a listing, or in an outage, that can be far."""
        after = since + self._source.page_rows * self._frame_ms
        if after > self._until_ms:
            return after
        return max(after, self._patience.ask(lambda: self._source.day_since(since)) or 0)

    def _progress(self) -> Progress:
        return Progress(
            fetched=self._pages.rows,
            first_ms=self._pages.first_ms,
            last_ms=self._pages.last_ms,
            until_ms=self._until_ms,
        )
