"""The description that lies beside the rows of a data set version."""

from pathlib import Path
from typing import Final

import msgspec

from server.contract.base import Model
from server.contract.catalogue import DatasetInfo
from server.data.bars import BARS_FILE, bars_file_size, bars_hash, open_bars
from server.data.flows import FLOWS_FILE, flows_file_size, flows_hash, open_flows
from server.data.instrument import Instrument

DATASET_FILE: Final = "dataset.json"
QUARANTINE_FILE: Final = "quarantined.txt"
"""Which rows of its file a version lacks, the first hundred with their reasons; only where there are such."""


class StoredDataset(Model, frozen=True, kw_only=True):
    """`dataset.json`: what clients are told, with the exact sizes (decimal text) that floats cannot carry.

    `derived_from` is the id of the version whose bars were resampled to these; None for bars that were imported.
    """

    info: DatasetInfo
    instrument: Instrument
    format: int = 1
    derived_from: str | None = None


def read_stored(directory: Path) -> StoredDataset:
    """Reads one version; ValueError or OSError when the folder does not hold a whole one."""
    stored = msgspec.json.decode((directory / DATASET_FILE).read_bytes(), type=StoredDataset)
    if stored.format != 1:
        raise ValueError(f"format {stored.format} is not known here")
    if stored.info.id != directory.name:
        raise ValueError(f"it says that it is {stored.info.id!r}")
    bars = stored.info.kind == "bars"
    name = BARS_FILE if bars else FLOWS_FILE
    expected = bars_file_size(stored.info.rows) if bars else flows_file_size(stored.info.rows)
    size = (directory / name).stat().st_size
    if size != expected:
        raise ValueError(f"{name} has {size} bytes, not {expected}")
    return stored


def holds_what_it_says(directory: Path) -> bool:
    """Whether the rows in `directory` have the content hash of their description; reads all of them.

    ValueError or OSError when the folder does not hold a whole version.
    """
    stored = read_stored(directory)
    info, instrument = stored.info, stored.instrument
    if info.kind == "bars":
        return bars_hash(open_bars(directory), instrument) == info.content_hash
    return flows_hash(info.kind, instrument.quote, open_flows(directory)) == info.content_hash
