"""What is reported, and how."""

import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table; `ratio` compares with a baseline of the same run."""

    what: str
    measured: str
    asked: str = ""
    ratio: str = ""


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def median(values: Sequence[float]) -> float:
    """The middle."""
    return statistics.median(values)


def ms(seconds: float) -> str:
    """Seconds as milliseconds."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table."""
    head = "| What | Measured | Asked | Against the baseline of the same run |\n|---|---|---|---|\n"
    return head + "".join(f"| {one.what} | {one.measured} | {one.asked} | {one.ratio} |\n" for one in figures)


def machine() -> str:
    """What it was measured on."""
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores, {platform.machine()}, Linux, Python {platform.python_version()}"
