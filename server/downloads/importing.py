"""Makes a data set of what a download has fetched."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from msgspec import structs

from server.contract.base import format_instant
from server.contract.catalogue import DatasetInfo
from server.contract.media import CSV
from server.contract.problems import ForgeError
from server.downloads.job import Job
from server.downloads.messages import Found
from server.downloads.pages import BARS_CSV
from server.execution.tasks import ImportTask

Add = Callable[[ImportTask], Awaitable[tuple[DatasetInfo, bool]]]
_FIELDS: Final = {"tickSize": "tick_size", "lotSize": "lot_size"}
_INFERRED: Final = "its {size} is inferred: the exchange's own of today does not fit all bars"


def import_task(market: Found, folder: Path, root: Path, job: Job) -> ImportTask:
    """The import of the bars in `folder` into the catalogue at `root`.

    An exchange's bad bar is left out and counted: nobody could put it right and bring the file again.
    """
    fetched = format_instant(time.time_ns() // 1_000_000)
    return ImportTask(
        path=str(folder / BARS_CSV),
        catalogue_root=str(root),
        media_type=CSV,
        asset_name=market.asset_name,
        exchange=job.now.exchange_name or market.exchange_name,
        time_frame=job.frame.name,
        tick_size=market.tick_size,
        lot_size=market.lot_size,
        quote=market.quote,
        multiplier=market.multiplier,
        source=f"{market.library} {job.now.exchange} {market.symbol}, fetched {fetched}",
        quarantine=True,
    )


async def import_bars(task: ImportTask, add: Add) -> tuple[DatasetInfo, list[str]]:
    """The data set and what is worth telling of it. A size that has changed over the years is inferred in its place.

    ForgeError when it cannot be imported.
    """
    notices: list[str] = []
    while True:
        try:
            dataset, _ = await add(task)
        except ForgeError as error:
            field = next((_FIELDS[one.path] for one in error.errors if one.path in _FIELDS), None)
            if field is None or getattr(task, field) is None:
                raise
            notices.append(_INFERRED.format(size=field.replace("_", " ")))
            task = structs.replace(task, **{field: None})
        else:
            return dataset, notices
