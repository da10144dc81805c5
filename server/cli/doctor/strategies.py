"""The check of the user's strategies: loaded in a process of their own, as the server would."""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from server import logs
from server.cli.doctor.findings import Finding, fault, ok, warning
from server.execution.local import LocalExecutor
from server.execution.tasks import InspectDone, InspectTask, Outcome, TaskFailed

_TIMEOUT_S: Final = 60.0


def strategies(folder: Path) -> list[Finding]:
    """One finding for each file that does not load, or that all do."""
    if not folder.is_dir():
        return [ok("strategies", f"{folder} is not there; the shipped ones can be run")]
    try:
        with logs.silent():  # that a file killed its process is told below
            outcome = asyncio.run(_inspected(folder))
    except (OSError, RuntimeError, TimeoutError) as error:
        return [fault("strategies", f"no process can be started: {error}", "see memory and limits of this machine")]
    if isinstance(outcome, TaskFailed):
        told = f"a file in {folder} ends or holds the process that loads it: {outcome.message}"
        return [fault("strategies", told, "`forge strategies check FILE` tells which")]
    assert isinstance(outcome, InspectDone)
    broken = [one.info for one in outcome.strategies if one.info.error is not None]
    if not broken:
        return [ok("strategies", f"all {len(outcome.strategies)} load")]
    return [
        warning(
            "strategies",
            f"{one.error.file}{f':{one.error.line}' if one.error.line else ''}: {one.error.message}",
            f"`forge strategies check {one.file}` tells more",
        )
        for one in broken
        if one.error is not None
    ]


async def _inspected(folder: Path) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="forge-doctor-") as scratch:
        async with LocalExecutor(workers=1, home=Path(scratch)) as executor:
            task = InspectTask(folders=[str(folder)], frozen_root=str(Path(scratch) / "sources"))
            return await executor.start(task, timeout_s=_TIMEOUT_S).outcome()
