"""Series that have a name and times, and no bars."""

from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from server.contract.base import format_instant
from server.contract.catalogue import CashFlowKind, DatasetInfo
from server.contract.problems import InvalidRequest
from server.data.instrument import Instrument

HOUR_MS: Final = 3_600_000


class Shelf:
    """Implements runs.slices.Series: bars of 100 hours from `from_hour` on, and cash flows, by name."""

    def __init__(self) -> None:
        self._bars: dict[tuple[str, str, str], tuple[DatasetInfo, int]] = {}
        self._flows: dict[tuple[str, str, str], DatasetInfo] = {}

    def put(
        self,
        asset: str,
        frame: str = "1h",
        *,
        quote: str = "USD",
        from_hour: int = 0,
        content: str = "",
        tick_size: float = 0.01,
    ) -> None:
        info = _info(asset, frame, quote, content or f"of {asset} {frame}")
        self._bars[asset, "X", frame] = (msgspec.structs.replace(info, tick_size=tick_size), from_hour)

    def put_flows(self, asset: str, kind: CashFlowKind, *, quote: str = "USD", content: str = "") -> None:
        info = _info(asset, kind, quote, content or f"{kind} of {asset}")
        self._flows[asset, "X", kind] = msgspec.structs.replace(info, kind=kind)

    def resolve(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> DatasetInfo:
        if (asset, exchange, time_frame) not in self._bars:
            raise InvalidRequest("unknown_dataset", f"{prefix}assetName", f"there is no {asset!r}")
        return self._bars[asset, exchange, time_frame][0]

    def resolve_flows(self, asset: str, exchange: str, kind: CashFlowKind, path: str) -> DatasetInfo:
        if (asset, exchange, kind) not in self._flows:
            raise InvalidRequest("unknown_dataset", path, f"there is no {kind} of {asset}")
        return self._flows[asset, exchange, kind]

    def rows_between(self, dataset_id: str, start_ms: int, end_ms: int) -> tuple[int, int]:
        from_hour = next(hour for info, hour in self._bars.values() if info.id == dataset_id)
        hours = (-(-start_ms // HOUR_MS), end_ms // HOUR_MS + 1)
        first, stop = (min(max(hour - from_hour, 0), 100) for hour in hours)
        return first, max(first, stop)

    def open_of(self, dataset_id: str, row: int) -> int:
        from_hour = next(hour for info, hour in self._bars.values() if info.id == dataset_id)
        return (from_hour + row) * HOUR_MS

    def directory(self, dataset_id: str) -> Path:
        return Path("/data") / dataset_id

    def instrument(self, dataset_id: str) -> Instrument:
        return Instrument(asset_name="", exchange="X", tick_size=Decimal("0.01"), lot_size=Decimal(1), quote="USD")


def _info(asset: str, frame: str, quote: str, content: str) -> DatasetInfo:
    return DatasetInfo(
        id=f"{asset}-{frame}".lower(),
        asset_name=asset,
        exchange="X",
        time_frame=frame,
        version=1,
        content_hash=content,
        rows=100,
        first=format_instant(0),
        last=format_instant(99 * HOUR_MS),
        tick_size=0.01,
        lot_size=1,
        quote=quote,
        multiplier=1,
        gaps=[],
        gap_count=0,
        quarantined=0,
        source="",
        ingested_at=format_instant(0),
        synthetic=False,
    )
