"""Trials on disk, and how clients read them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec

from server.contract.results import METRIC_NAMES, Metrics
from server.optimization.trial_table import EndedTrial, TrialFailure, TrialTable
from server.store.encoded_page import EncodedPage
from server.store.results import ResultFiles
from server.store.trial_files import chunk_name
from server.store.trial_query import TrialQuery


async def text_of(pieces: AsyncIterator[bytes]) -> str:
    return b"".join([piece async for piece in pieces]).decode()


def profit_of(index: int) -> float | None:
    return None if index % 4 == 0 else float(index % 5)


def write_trials(folder: Path, first: int, stop: int) -> None:
    """Trials whose profits repeat, undefined in every fourth; every sixth failed."""
    table = TrialTable({"fastPeriod": "fast_period", "mode": "mode"})
    for index in range(first, stop):
        failed = index % 6 == 5
        known = {**dict.fromkeys(METRIC_NAMES, 0), "netProfit": index % 5, "sharpeRatio": profit_of(index)}
        table.add(
            EndedTrial(
                index=index,
                trial_key=f"{index:024x}",
                parameters={"fastPeriod": index, "mode": "long" if index % 2 else "short, or naïve"},
                status="Failed" if failed else "Completed",
                duration_ms=1.5,
                metrics=None if failed else msgspec.convert(known, Metrics),
                fitness=None if failed else -float(index),
                failure=TrialFailure("it broke", "Traceback\n  line") if failed else None,
            )
        )
    table.write(folder / chunk_name(first), "f" * 24)


async def page_of(
    files: ResultFiles, folder: Path, *, limit: int, cursor: str | None = None, **query: Any
) -> EncodedPage:
    return await files.trials.page(folder, TrialQuery(**query), limit=limit, cursor=cursor)


async def walk(files: ResultFiles, folder: Path, **query: Any) -> list[int]:
    """The indices of all trials that a client sees who follows the cursors."""
    seen: list[int] = []
    page = await page_of(files, folder, **query)
    while True:
        seen += [trial["index"] for trial in json.loads(page.items)]
        if page.next_cursor is None:
            assert page.total_count == len(seen)
            return seen
        page = await page_of(files, folder, cursor=page.next_cursor, **query)
