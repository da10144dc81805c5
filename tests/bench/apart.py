"""Measurements in a process of their own, which prints one line of JSON."""

import json
import os
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.bench.cores import shared_out

_ROOT: Final = Path(__file__).parents[2]
_LIMIT_S: Final = 900.0


class NotMeasured(Exception):
    """The process ended without a figure; the message is the last thing that it said."""


def measure_apart(
    python: Path | str, module: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What `python -m module` finds out on the measured core; NotMeasured."""
    try:
        done = subprocess.run(
            [python, "-m", module, *arguments],
            cwd=_ROOT,
            env=os.environ | (environment or {}),
            preexec_fn=partial(os.sched_setaffinity, 0, {shared_out().measured}),
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"took longer than {_LIMIT_S:.0f} s") from error
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise NotMeasured((done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1])
    found: dict[str, Any] = json.loads(lines[-1])
    return found
