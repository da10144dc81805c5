"""What only a fresh process tells of the engine: `prepare FOLDER`, `first FOLDER` or `memory BARS`; prints JSON."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np

from server.engine.compile.workshop import Workshop
from server.engine.tables import EQUITY_DTYPE
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.bench.cores import peak_resident_bytes, resident_bytes
from tests.bench.simulated import simulate
from tests.bench.walk import walk

_FEW: Final = 1_000


def prepare(folder: str) -> dict[str, object]:
    """Seconds that the kernel takes to compile."""
    began = time.perf_counter()
    Workshop(Path(folder)).prepare()
    return {"took_s": time.perf_counter() - began}


def first(folder: str) -> dict[str, object]:
    """Seconds of the first backtest, compiling or loading what was compiled included, and of the second.

    The kernel is loaded, as it is in a worker before its first task.
    """
    bars = walk(_FEW)
    workshop = Workshop(Path(folder))
    workshop.prepare()
    took = []
    for _ in range(2):
        began = time.perf_counter()
        result = simulate(SmaCrossover, bars, workshop=workshop)
        took.append(time.perf_counter() - began)
    return {"mode": result.mode, "first_s": took[0], "second_s": took[1]}


def memory(path: str) -> dict[str, object]:
    """Bytes that a run with its curve adds to the bars: afterwards, while curve and result are held, and at most."""
    bars = np.load(path)
    simulate(SmaCrossover, bars[:, :_FEW].copy())
    pid = os.getpid()
    before = resident_bytes(pid)
    curve = np.empty(bars.shape[1], dtype=EQUITY_DTYPE)
    result = simulate(SmaCrossover, bars, equity_out=curve)
    added, most = resident_bytes(pid) - before, peak_resident_bytes(pid) - before
    return {"mode": result.mode, "bars": result.bars, "added": added, "most": most, "curve": curve.nbytes}


def main() -> None:
    """What is asked for first, and where the bars lie."""
    match sys.argv[1:]:
        case ["memory", path]:
            found = memory(path)
        case ["prepare", folder]:
            found = prepare(folder)
        case [_, folder]:
            found = first(folder)
        case _:
            raise SystemExit(__doc__)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
