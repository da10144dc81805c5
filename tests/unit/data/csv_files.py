"""CSV files as people have them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from server.data.bars import Int64s, open_bars
from server.data.ingestion import ImportOrder, import_bars

FIRST: Final = datetime(2024, 1, 1, tzinfo=UTC)
FIRST_MS: Final = 1_704_067_200_000
HOUR_MS: Final = 3_600_000
HEADER: Final = "timestamp,open,high,low,close,volume"
ROWS: Final = ("100.5,102,99.5,101,10", "101,101.5,100.5,100.5,0", "100.5,103,100.5,102.5,7")
"""Three bars without their times."""
TICKS: Final = [[1005, 1010, 1005], [1020, 1015, 1030], [995, 1005, 1005], [1010, 1005, 1025], [10, 0, 7]]
"""The same bars as the catalogue keeps them."""


def instant(hour: int) -> datetime:
    """So many hours after the first bar."""
    return FIRST + timedelta(hours=hour)


def hours(rows: Sequence[str] = ROWS, *, header: str = HEADER, end: str = "\n") -> str:
    """Hourly bars with ISO times."""
    bars = [f"{instant(n):%Y-%m-%dT%H:%M:%SZ},{row}" for n, row in enumerate(rows)]
    return "".join(f"{line}{end}" for line in (header, *bars))


class Importer:
    """Imports texts into a catalogue of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root / "datasets"
        self._file = root / "upload"

    def add(self, content: str | bytes, *, created: bool = True, **order: str | Decimal | bool | None) -> Int64s:
        """Imports hourly bars; those that the catalogue then holds, (6, n) int64."""
        self._file.write_bytes(content.encode() if isinstance(content, str) else content)
        known: dict[str, str | Decimal | bool | None] = {"asset_name": "ACME", "exchange": "TEST", "time_frame": "1h"}
        self.info, is_new = import_bars(self._file, self.root, ImportOrder(**{**known, **order}))  # type: ignore[arg-type]  # a test may say anything
        assert is_new == created
        return open_bars(self.root / self.info.id)

    def versions(self) -> list[str]:
        """The folders of the catalogue."""
        return sorted(path.name for path in self.root.glob("*") if not path.name.startswith("."))

    def left_over(self) -> list[Path]:
        """What failed imports left."""
        return [path for path in self.root.glob(".staging/*") if path.name != ".lock"]
