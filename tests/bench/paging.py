"""A million trials, put together when their sweep ends and read page by page."""

import time
from pathlib import Path
from typing import Final

import numpy as np

from server.contract.results import METRIC_NAMES
from server.runs.merging import merge_apart
from server.store.results import ResultFiles
from server.store.trial_files import Chunk, write_chunk
from server.store.trial_query import TrialQuery
from tests.bench.figures import Figure, ms, quantile

TRIALS: Final = 1_000_000
_CHUNK: Final = 10_000
_PAGES: Final = 5
_RUN_KEY: Final = "SmaCrossover_1.0.0_20240101-20240201_opt-0000000000000001"


async def paging(folder: Path) -> list[Figure]:
    """Pages from the best trial on and from the worst, by each metric, with and without bounds."""
    files = ResultFiles(folder / "results")
    attempt = files.attempt_dir(_RUN_KEY, 1, create=True)
    for first in range(0, TRIALS, _CHUNK):
        write_chunk(attempt, _chunk(first))
    began = time.perf_counter()
    await merge_apart(attempt)
    merged_s = time.perf_counter() - began
    whole, bounded = [], []
    for metric in METRIC_NAMES:
        for sort in (metric, f"-{metric}"):
            whole += await _asked(files, attempt, TrialQuery(sort))
            bounded += await _asked(files, attempt, TrialQuery(sort, "Completed", (("netProfit", 1.0),)))
    asked = f"100 trials of {TRIALS:,}, by each metric, "
    return [
        Figure(f"{asked}median", ms(quantile(whole, 0.5)), "< 20 ms"),
        Figure(f"{asked}worst of {len(whole)}", ms(max(whole)), "< 20 ms"),
        Figure(f"{asked}with a status and a bound, worst", ms(max(bounded)), "< 20 ms"),
        Figure(f"{TRIALS:,} trials put together and sorted, after the final update", f"{merged_s:.1f} s"),
    ]


async def _asked(files: ResultFiles, attempt: Path, query: TrialQuery) -> list[float]:
    """How long each of some pages took, one after the other."""
    took: list[float] = []
    cursor = None
    for _ in range(_PAGES):
        began = time.perf_counter()
        page = await files.trials.page(attempt, query, limit=100, cursor=cursor)
        took.append(time.perf_counter() - began)
        cursor = page.next_cursor
    return took


def _chunk(first: int) -> Chunk:
    lots = np.random.default_rng(first)
    index = np.arange(first, first + _CHUNK)
    metrics = lots.standard_normal((_CHUNK, len(METRIC_NAMES)))
    metrics[:, METRIC_NAMES.index("totalTrades")] = lots.integers(0, 300, _CHUNK)
    metrics[lots.random(_CHUNK) < 0.1, METRIC_NAMES.index("sharpeRatio")] = np.nan
    return Chunk(
        index=index,
        status=np.zeros(_CHUNK, dtype="<u1"),
        duration_ms=lots.random(_CHUNK),
        fitness=metrics[:, 0].copy(),
        metrics=metrics,
        trial_key=np.array([f"{at:024x}".encode() for at in index.tolist()], dtype="S24"),
        reused=np.zeros(_CHUNK, dtype=bool),
        error=np.full(_CHUNK, -1, dtype="<i4"),
        parameters={"fastPeriod": index % 1_000, "slowPeriod": index // 1_000},
        errors=[],
        family=np.full(_CHUNK, b"f" * 24, dtype="S24"),
    )
