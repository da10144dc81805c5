"""Which core a process runs on, and what it takes of it."""

import os
from pathlib import Path
from typing import Final, NamedTuple

_TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")


class Cores(NamedTuple):
    """The core of what is measured, and those of everything else."""

    measured: int
    others: frozenset[int]


def shared_out() -> Cores:
    """One core for what is measured; with a single core both are the same, and figures tell of it."""
    first, *rest = sorted(os.sched_getaffinity(0))
    return Cores(first, frozenset(rest or [first]))


def pin(pid: int, cores: frozenset[int]) -> None:
    """Keeps every thread of a process on `cores`; what it starts later stays there too."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


def pin_with_children(pid: int, own: frozenset[int], children: frozenset[int]) -> None:
    """Keeps a process on cores of its own, and all that it has started on others."""
    pin(pid, own)
    for child in descendants(pid):
        pin(child, children)


def descendants(pid: int) -> list[int]:
    """The processes that it started, and theirs."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            found += [int(child), *descendants(int(child))]
    return found


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, that of the system for it included."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) * _TICK_S


def resident_bytes(pid: int) -> int:
    """Its memory now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak_resident_bytes(pid: int) -> int:
    """The most memory that it had since its program began; getrusage would tell that of its parent if that had more."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def share_bytes(pid: int) -> int:
    """Its memory now, of what it shares with others only its part."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.partition("\nPss:")[2].split()[0]) * 1024
