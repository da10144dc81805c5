"""Putting the trials of a sweep together in a process of its own."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.runs.merging import LEAST_TRIALS, merge_apart
from server.runs.speeds import Speeds
from server.runs.sweep import Sweep
from server.runs.workplace import Workplace
from server.store.merged_trials import MERGED, read_merged
from server.store.trial_files import chunk_paths, write_chunk
from tests.unit.store.chunks import a_chunk

Make = Callable[..., Any]


async def test_trials_are_merged_once_the_process_has_ended(tmp_path: Path) -> None:
    for first in (5, 0):
        write_chunk(tmp_path, a_chunk(range(first, first + 5)))
    await merge_apart(tmp_path)
    assert read_merged(tmp_path).index.tolist() == list(range(10))
    assert not chunk_paths(tmp_path)


async def test_a_shutdown_ends_the_process(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "trials-000000000.npz")
    merging = asyncio.create_task(merge_apart(tmp_path))
    end = await asyncio.to_thread(os.open, tmp_path / "trials-000000000.npz", os.O_WRONLY)  # once somebody reads it
    merging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await merging
    with pytest.raises(BrokenPipeError):
        os.write(end, b"nobody reads this")
    os.close(end)


@pytest.mark.parametrize("trials", [LEAST_TRIALS, 10])
async def test_the_trials_of_a_large_sweep_are_merged_when_it_has_ended(
    open_owner: Make, a_sweep: Make, tmp_path: Path, trials: int
) -> None:
    async with open_owner(schedule=False) as owner:
        earlier, _ = await owner.submit(a_sweep(1, trials=trials))
        chunk = a_chunk(range(trials), family=a_sweep().family)
        write_chunk(owner.results.attempt_dir(earlier.run_key, 1, create=True), chunk)
        snapshot, _ = await owner.submit(a_sweep(2, trials=trials))
        live = owner.live(snapshot.run_key)
        assert await owner.ledger.begin(live)
        await Sweep(
            live,
            owner.ledger,
            Workplace(owner.executor, owner.store, owner.results, Speeds(lambda: 2, tmp_path / "speeds.json")),
        ).run()
        assert (live.state.status, live.state.reused) == ("Completed", trials)
        folder = owner.results.attempt_dir(snapshot.run_key, 1)
        assert (folder / MERGED).is_dir() == (trials >= LEAST_TRIALS)
        assert bool(chunk_paths(folder)) == (trials < LEAST_TRIALS)
