"""Brings data sets into the catalogue as a task of a worker: that takes long, and its memory is capped there."""

from decimal import Decimal
from pathlib import Path

from server.data.flow_ingestion import FlowOrder, import_flows
from server.data.ingestion import ImportOrder, import_bars
from server.data.resampling import resample
from server.execution.tasks import ImportDone, ImportTask, ResampleTask


def import_file(task: ImportTask) -> ImportDone:
    """Imports `task.path`; ForgeError, InvalidRequest for what is wrong with it."""
    path, root = Path(task.path), Path(task.catalogue_root)
    if task.kind != "bars":
        dataset, created = import_flows(
            path,
            root,
            FlowOrder(
                kind=task.kind,
                asset_name=task.asset_name,
                exchange=task.exchange,
                quote=task.quote,
                source=task.source,
                synthetic=task.synthetic,
                media_type=task.media_type,
                quarantine=task.quarantine,
            ),
        )
        return ImportDone(dataset=dataset, created=created)
    order = ImportOrder(
        asset_name=task.asset_name,
        exchange=task.exchange,
        time_frame=task.time_frame,
        tick_size=_decimal(task.tick_size),
        lot_size=_decimal(task.lot_size),
        quote=task.quote,
        multiplier=_decimal(task.multiplier),
        source=task.source,
        synthetic=task.synthetic,
        media_type=task.media_type,
        quarantine=task.quarantine,
    )
    dataset, created = import_bars(path, root, order)
    return ImportDone(dataset=dataset, created=created)


def resample_dataset(task: ResampleTask) -> ImportDone:
    """Resamples a data set; OSError, ValueError when it was deleted meanwhile."""
    dataset, created = resample(Path(task.catalogue_root), task.source_id, task.time_frame)
    return ImportDone(dataset=dataset, created=created)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
