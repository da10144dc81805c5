"""Questions about strategies and data sets, and data sets brought."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple
from urllib.parse import quote

from server.client import wire
from server.client.asking import Asking
from server.client.frame_csv import write_frame
from server.contract.catalogue import DatasetInfo, DatasetKind, StrategyInfo
from server.contract.media import MAGIC_BYTES, media_type_of
from server.contract.pages import DatasetPage, StrategyPage

_BLOCK_BYTES: Final = 1 << 18


class Imported(NamedTuple):
    """A data set, and whether it is new (False: the same content was there already)."""

    dataset: DatasetInfo
    created: bool


class AsyncCatalogue(Asking):
    """What a server knows before anything is run."""

    async def strategies(self) -> list[StrategyInfo]:
        """Every strategy, those that do not load last."""
        return (await self._get("/api/strategies", StrategyPage)).items

    async def datasets(self) -> list[DatasetInfo]:
        """Every version of every data set."""
        return (await self._get("/api/datasets", DatasetPage)).items

    async def import_dataset(
        self,
        file: Path | str,
        *,
        asset_name: str,
        exchange: str,
        time_frame: str | None = None,
        kind: DatasetKind = "bars",
        quarantine: bool = False,
        on_sent: Callable[[int, int], None] | None = None,
        **options: str | None,
    ) -> Imported:
        """Uploads a CSV, Parquet or Feather file, known by its first bytes; OSError when it is no file.

        Bars need a `time_frame`; the other kinds, cash flows of an asset, have none. Options `tick_size, lot_size,
        quote, multiplier, source`. With `quarantine` bad rows are left out and counted.
        `on_sent` is told the bytes sent so far and those of the whole file.
        """
        named = {"asset_name": asset_name, "exchange": exchange, "time_frame": time_frame}
        named |= {"kind": None if kind == "bars" else kind}
        params = wire.parameters({**named, "quarantine": "true" if quarantine else None, **options})
        path = Path(file)
        opened = await asyncio.to_thread(path.open, "rb")
        with opened:
            size = (await asyncio.to_thread(path.stat)).st_size
            media_type = media_type_of(await asyncio.to_thread(_beginning, opened))
            response = await self._upload(
                "/api/datasets",
                params=params,
                content=_blocks(opened, size, on_sent),
                headers={"Content-Type": media_type, "Content-Length": str(size)},
            )
        return Imported(wire.decode(response, DatasetInfo), response.status_code == HTTPStatus.CREATED)

    async def import_frame(
        self,
        frame: Any,
        *,
        asset_name: str,
        exchange: str,
        time_frame: str | None = None,
        kind: DatasetKind = "bars",
        quarantine: bool = False,
        **options: str | None,
    ) -> Imported:
        """Uploads a data frame of polars or pandas, as `import_dataset` a file with the same columns.

        Times are a column of instants or days, or the index of pandas. TypeError for what is no data frame.
        """
        with tempfile.TemporaryDirectory(prefix="forge-") as folder:
            file = Path(folder) / "frame.csv"
            await asyncio.to_thread(write_frame, frame, file)
            return await self.import_dataset(
                file,
                asset_name=asset_name,
                exchange=exchange,
                time_frame=time_frame,
                kind=kind,
                quarantine=quarantine,
                on_sent=None,
                **options,
            )

    async def delete_dataset(self, dataset_id: str) -> None:
        """Forgets a data set version."""
        await self._delete(f"/api/datasets/{quote(dataset_id, safe='')}")


def _beginning(file: BinaryIO) -> bytes:
    beginning = file.read(MAGIC_BYTES)
    file.seek(0)
    return beginning


async def _blocks(file: BinaryIO, size: int, on_sent: Callable[[int, int], None] | None) -> AsyncIterator[bytes]:
    sent = 0
    while block := await asyncio.to_thread(file.read, _BLOCK_BYTES):
        yield block
        sent += len(block)
        if on_sent is not None:
            on_sent(sent, size)
