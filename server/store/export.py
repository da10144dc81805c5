"""What an attempt left behind as a file to be taken away."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from server.contract.problems import ForgeError
from server.store.apart import run_apart
from server.store.trial_query import TrialQuery

_BLOCK_BYTES: Final = 2**18


def trials_parquet(folder: Path, query: TrialQuery) -> AsyncIterator[bytes]:
    """The trials that match as a Parquet file; as of `_pieces`."""
    return _pieces(folder, _write_trials, query)


def trades_parquet(folder: Path, sort: str, asset_names: Sequence[str]) -> AsyncIterator[bytes]:
    """All round trips as a Parquet file; as of `_pieces`."""
    return _pieces(folder, _write_trades, sort, asset_names)


async def _pieces(folder: Path, write: Callable[..., None], *arguments: object) -> AsyncIterator[bytes]:
    """What `write(folder, *arguments, path)` writes, in pieces, all of it on the disk before the first.

    A slow reader holds an open file and nothing else. ForgeError `not_supported` when pyarrow is missing,
    `store_unavailable` when the file cannot be written.
    """
    if find_spec("pyarrow") is None:
        raise ForgeError(
            "not_supported",
            'Parquet takes pyarrow, which the server does not have: pip install "algotradeforge[arrow]", '
            "or ask for CSV.",
        )
    descriptor = await _written(folder, write, *arguments)
    try:
        while piece := await asyncio.to_thread(os.read, descriptor, _BLOCK_BYTES):
            yield piece
    finally:
        os.close(descriptor)


async def _written(folder: Path, write: Callable[..., None], *arguments: object) -> int:
    """The file, open for reading, which nobody else can open any more."""
    path = folder / f".{uuid.uuid4().hex}.parquet.tmp"
    try:
        if not await run_apart("export", write, folder, *arguments, path):
            raise ForgeError("store_unavailable", "The Parquet file could not be written; see the server's log.")
        return os.open(path, os.O_RDONLY)
    finally:
        path.unlink(missing_ok=True)


def _write_trials(folder: Path, query: TrialQuery, path: Path) -> None:
    from server.store.trials_parquet import write_parquet  # here alone: pyarrow is an extra, and slow to load

    write_parquet(folder, query, path)


def _write_trades(folder: Path, sort: str, asset_names: Sequence[str], path: Path) -> None:
    from server.store.trades_parquet import write_parquet

    write_parquet(folder, sort, asset_names, path)
