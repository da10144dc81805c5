"""How many bars a second each strategy does on one worker, to tell how long a sweep may take."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from server.engine.tables import write_atomically

_log = logging.getLogger(__name__)
_WEIGHT: Final = 0.3
_KEPT: Final = 1_000
"""Strategies: every edit of a file is another one."""


class Rates(msgspec.Struct):
    """Bars a second by strategy: smoothed over the `sweeps` that it ran, and once `calibrated` for the first."""

    sweeps: dict[str, float] = {}
    calibrated: dict[str, float] = {}


def speed_key(source_hash: str, *, compile: bool) -> str:
    """What a rate is kept under: that of the same strategy interpreted is another one."""
    return source_hash if compile else f"{source_hash}/interpreted"


class Speeds:
    """Kept in a file over restarts; measured on runs and by calibration, never for the estimate that is asked for."""

    def __init__(self, workers: Callable[[], int], path: Path) -> None:
        """`workers`: how many there are now."""
        self._workers = workers
        self._path = path
        self._rates = _read(path)
        self._writing = asyncio.Lock()

    async def note(self, key: str, bars: int, seconds: float) -> None:
        """In a sweep a worker did `bars` in `seconds`; too short ones say nothing."""
        if bars <= 0 or seconds <= 0:
            return
        rate = bars / seconds
        before = self._rates.sweeps.pop(key, rate)
        self._rates.sweeps[key] = before + _WEIGHT * (rate - before)
        await self._keep()

    async def calibrate(self, key: str, bars: int, seconds: float) -> None:
        """The same of a calibration: it counts until a sweep tells more."""
        if bars <= 0 or seconds <= 0:
            return
        self._rates.calibrated[key] = bars / seconds
        await self._keep()

    def seconds(self, key: str, bars: int, *, most: int | None = None) -> float | None:
        """How long `bars` would take all workers, or `most` of them; None when the strategy was never measured."""
        rate = self._rates.sweeps.get(key) or self._rates.calibrated.get(key)
        workers = self._workers()
        return round(bars / rate / min(workers, most or workers), 3) if rate else None

    async def _keep(self) -> None:
        for rates in (self._rates.sweeps, self._rates.calibrated):
            while len(rates) > _KEPT:
                del rates[next(iter(rates))]
        async with self._writing:
            try:
                await asyncio.to_thread(write_atomically, self._path, msgspec.json.encode(self._rates))
            except OSError as error:  # an estimate less is no reason for a run to fail
                _log.warning("measured speeds cannot be kept", extra={"reason": str(error)})


def _read(path: Path) -> Rates:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Rates)
    except FileNotFoundError:
        return Rates()
    except (OSError, msgspec.MsgspecError) as error:
        _log.warning("measured speeds cannot be read: they are measured anew", extra={"reason": str(error)})
        return Rates()
