"""The compiled kernel alone: `bare_sweep BARS FIRST LAST` prints the seconds that its part of a grid takes."""

import sys
import time

import numpy as np

from server.engine.trials import Trials
from server.strategies.shipped.sma_crossover import SmaCrossover
from tests.bench.simulated import prepared, series_of, settings_of

_TOGETHER = 16


def main() -> None:
    """The same sets as the service is asked for, many in one call."""
    path, first, last = sys.argv[1:]
    slow = range(60, 551)
    sets = [{"fastPeriod": f, "slowPeriod": s, "quantity": 1.0} for f in range(int(first), int(last) + 1) for s in slow]
    trials = Trials(SmaCrossover, series_of(np.load(path)), settings_of(compiled=True), prepared())
    assert len(trials.play(sets[:2], None)) == 2
    began = time.perf_counter()
    for start in range(0, len(sets), _TOGETHER):
        part = sets[start : start + _TOGETHER]
        assert len(trials.play(part, None)) == len(part)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
