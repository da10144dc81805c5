"""All trials of an ended attempt as mapped columns, with the orders in which pages show them."""

import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError
from server.contract.results import METRIC_NAMES
from server.engine.tables import create_rows, map_rows, write_atomically, write_rows
from server.optimization.trial_table import TrialFailure
from server.store.trial_files import Chunk, chunk_paths, read_chunk, renumbered
from server.store.trial_orders import falling_order, rising_order
from server.store.trial_set import TrialSet

_log = logging.getLogger(__name__)
MERGED: Final = "trials"
"""The folder of the columns, beside the chunk files that it replaces."""
_MOST_TEXT: Final = 64_000_000
"""Characters of different failures, which every reader holds; trials that fail in more ways stay in their chunks."""
_SCRATCH: Final = ".trials.tmp"
_ABOUT: Final = "about.json"
_DTYPES: Final = {
    "index": "<i8",
    "status": "<u1",
    "duration_ms": "<f8",
    "fitness": "<f8",
    "trial_key": "S24",
    "reused": "?",
    "error": "<i4",
    "family": "S24",
}
"""Columns of a file each, as in a chunk (server.engine.tables), in order of the index; so are the parameters, numbered
in the order of `_About.parameters`."""
_METRICS: Final = "metrics"
"""(metrics, rows) f8: a page sorts by one metric and reads no other."""
_ORDERS: Final = "orders"
"""(names, 2, rows) i4: the rows rising and falling by each of `_About.orders`."""


class _About(msgspec.Struct, frozen=True):
    """What is there: the parameters, the names by which there are orders, and the failures that `error` numbers."""

    parameters: list[str]
    orders: list[str]
    errors: list[TrialFailure]


def merge_trials(folder: Path) -> bool:
    """Puts the chunk files of an attempt that has ended together; whether it did.

    The chunk files go once all is on the disk. When one is broken or gone, or the disk is full, nothing changes.
    """
    try:
        directory = os.open(folder, os.O_RDONLY)  # whatever takes its name when the run is deleted meanwhile
        try:
            return _merge(folder, directory)
        finally:
            os.close(directory)
    except (OSError, ForgeError) as error:
        _log.warning("trials stay in chunks", extra={"folder": str(folder), "reason": str(error)})
        return False


def open_merged(folder: Path) -> TrialSet:
    """The merged trials of an attempt, mapped, with their orders; errors as of `read_merged`."""
    chunk = read_merged(folder)
    names, prepared = _about(folder / MERGED).orders, _mapped(folder / MERGED, _ORDERS)
    by_index = np.arange(len(chunk), dtype="<i4")
    orders = {name: (rising, falling) for name, (rising, falling) in zip(names, prepared, strict=True)}
    return TrialSet([chunk], {"index": (by_index, by_index[::-1]), **orders})


def read_merged(folder: Path) -> Chunk:
    """The merged trials of an attempt as one chunk, mapped.

    FileNotFoundError when it has none, ForgeError `store_unavailable` when they are damaged.
    """
    place = folder / MERGED
    try:
        about = _about(place)
        return Chunk(
            **{name: _mapped(place, name) for name in _DTYPES},
            metrics=_mapped(place, _METRICS).T,
            parameters={name: _mapped(place, _parameter(at)) for at, name in enumerate(about.parameters)},
            errors=about.errors,
        )
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise ForgeError("store_unavailable", f"The trials in {place} cannot be read: {error}.") from error


def _merge(folder: Path, directory: int) -> bool:
    paths = chunk_paths(folder)
    scratch = folder / _SCRATCH
    shutil.rmtree(scratch, ignore_errors=True)  # of a coordinator that was killed
    scratch.mkdir()
    try:
        indices, failures = _surveyed(paths)
        if not paths or sum(len(one.message) + len(one.stack_trace or "") for one in failures) > _MOST_TEXT:
            return False
        _write(scratch, paths, indices)
        os.rename(_SCRATCH, MERGED, src_dir_fd=directory, dst_dir_fd=directory)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    os.fsync(directory)
    for path in paths:
        os.unlink(path.name, dir_fd=directory)
    return True


def _surveyed(paths: Sequence[Path]) -> tuple[list[npt.NDArray[np.int64]], set[TrialFailure]]:
    """The indices of each chunk, and how trials of any of them failed."""
    indices, failures = [], set[TrialFailure]()
    for path in paths:
        chunk = read_chunk(path)
        indices.append(chunk.index)
        failures.update(chunk.errors)
    return indices, failures


def _write(scratch: Path, paths: Sequence[Path], indices: Sequence[npt.NDArray[np.int64]]) -> None:
    """Copies chunk after chunk, so that never more than one is in memory; then sorts column after column."""
    rows = np.empty(sum(map(len, indices)), dtype=np.intp)
    rows[np.argsort(np.concatenate(indices))] = np.arange(len(rows))
    columns: dict[str, npt.NDArray[Any]] = {
        name: create_rows(_file(scratch, name), dtype, (len(rows),)) for name, dtype in _DTYPES.items()
    }
    metrics = create_rows(_file(scratch, _METRICS), "<f8", (len(METRIC_NAMES), len(rows)))
    parts: dict[str, list[npt.NDArray[Any]]] = {}
    failures: dict[TrialFailure, int] = {}
    at = 0
    for path in paths:
        chunk = read_chunk(path)
        place = rows[at : at + len(chunk)]
        at += len(chunk)
        for name, column in columns.items():
            column[place] = renumbered(chunk, failures) if name == "error" else getattr(chunk, name)
        metrics[:, place] = chunk.metrics.T
        for name, part in chunk.parameters.items():
            parts.setdefault(name, []).append(part)
    parameters = {name: np.concatenate(each) for name, each in parts.items()}
    for at, (name, column) in enumerate(parameters.items()):
        parameters[name] = np.empty_like(column)
        parameters[name][rows] = column
        write_rows(_file(scratch, _parameter(at)), parameters[name])
    sortable = {
        **parameters,
        **dict(zip(METRIC_NAMES, metrics, strict=True)),
        "fitness": columns["fitness"],
        "durationMs": columns["duration_ms"],
    }
    orders = create_rows(_file(scratch, _ORDERS), "<i4", (len(sortable), 2, len(rows)))
    for order, column in zip(orders, sortable.values(), strict=True):
        order[0] = rising_order(column)
        order[1] = falling_order(column, order[0])
    for name, written in (*columns.items(), (_METRICS, metrics), (_ORDERS, orders)):
        _sync(_file(scratch, name), written)
    about = _About(list(parameters), list(sortable), list(failures))
    write_atomically(scratch / _ABOUT, msgspec.json.encode(about))


def _about(place: Path) -> _About:
    return msgspec.json.decode((place / _ABOUT).read_bytes(), type=_About)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.npy"


def _parameter(at: int) -> str:
    return f"parameter-{at}"


def _mapped(folder: Path, name: str) -> npt.NDArray[Any]:
    return np.asarray(map_rows(_file(folder, name)))  # no np.memmap, which takes long to look at single rows


def _sync(path: Path, rows: npt.NDArray[Any]) -> None:
    assert isinstance(rows, np.memmap)
    rows.flush()
    with path.open("rb") as file:
        os.fsync(file.fileno())
