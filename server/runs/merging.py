"""Puts the trials of a large sweep that has ended together."""

from pathlib import Path
from typing import Final

from server.store.apart import run_apart
from server.store.merged_trials import merge_trials

LEAST_TRIALS: Final = 50_000
"""Fewer are read and sorted within milliseconds as they are."""


async def merge_apart(folder: Path) -> None:
    """Merges the trials in the folder of an attempt; what goes wrong is logged there, and leaves them as they are."""
    await run_apart("merging", merge_trials, folder)
