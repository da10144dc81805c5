"""Checks of the machine and of what is installed on it."""

import platform
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from typing import Final

from server.cli.doctor.findings import Finding, fault, ok, warning
from server.client.words import shortened

_DISTRIBUTION: Final = "algotradeforge"
_INSTALL: Final = "pip install algotradeforge"
_LEAST_PYTHON: Final = (3, 11)
_LAST_PYTHON: Final = (3, 13)
_SAFE_SQLITE: Final = (3, 51, 3)
_REQUIREMENT: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?P<bounds>[^;\[]*)(?P<marker>;.*)?$")
_BOUND: Final = re.compile(r"(>=|<)\s*([0-9.]+)")
_COMPILES: Final = "from numba import njit; print(njit(lambda x: x + 1)(1))"
_COMPILE_LIMIT_S: Final = 120
_OTHER_DESCRIPTORS: Final = 500
"""Files, pipes and connections that are no sockets of subscribers."""
_OF_ONE_PERSON: Final = 100
_SHOWN: Final = 200


def python() -> Finding:
    """The interpreter's version."""
    now = sys.version_info[:2]
    told = f"{platform.python_version()} at {sys.executable}"
    if now < _LEAST_PYTHON:
        return fault("Python", told, "use Python 3.11 or newer")
    if now > _LAST_PYTHON:
        return warning("Python", told, "it is tried with Python 3.11 to 3.13: use one of these if something fails")
    return ok("Python", told)


def packages() -> Finding:
    """Whether every package that is needed is there in a version that fits, and which extras are."""
    try:
        wanted = requires(_DISTRIBUTION) or []
        extras = metadata(_DISTRIBUTION).get_all("Provides-Extra") or []
    except PackageNotFoundError:
        return warning("packages", "the package itself is not installed, so nothing is known of versions", _INSTALL)
    base = [line for line in wanted if "extra ==" not in line]
    wrong = list(_unfit(base))
    if wrong:
        return fault("packages", "; ".join(wrong), f"{_INSTALL} --upgrade, in this environment")
    complete = [name for name in extras if not list(_unfit([line for line in wanted if _of_extra(line, name)]))]
    return ok("packages", f"all {len(base)} that are needed; extras: {', '.join(complete) or 'none'}")


def _of_extra(line: str, name: str) -> bool:
    return re.search(rf"extra == ['\"]{re.escape(name)}['\"]", line) is not None


def _unfit(lines: list[str]) -> Iterator[str]:
    for line in lines:
        found = _REQUIREMENT.match(line)
        if found is None:
            continue
        try:
            there = version(found["name"])
        except PackageNotFoundError:
            yield f"{found['name']} is missing"
            continue
        for sign, bound in _BOUND.findall(found["bounds"]):
            if (_numbers(there) >= _numbers(bound)) != (sign == ">="):
                yield f"{found['name']} is {there}, wanted {found['bounds'].strip()}"
                break


def _numbers(text: str) -> tuple[int, ...]:
    """`2.1.0rc1` as (2, 1, 0)."""
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("rc")[0])[:3])


def compiler(mode: str) -> Finding:
    """Whether machine code can be made; in a process of its own, since a broken compiler may end it."""
    if mode == "off":
        return ok("compiler", "turned off by FORGE_COMPILE: all strategies are interpreted")
    try:
        ended = subprocess.run(
            [sys.executable, "-c", _COMPILES], capture_output=True, text=True, timeout=_COMPILE_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return warning(
            "compiler", f"numba took more than {_COMPILE_LIMIT_S} s", "see whether the machine is overloaded"
        )
    if ended.returncode == 0 and ended.stdout.strip() == "2":
        return ok("compiler", f"numba {version('numba')} works")
    reason = next(iter(reversed(ended.stderr.strip().splitlines())), f"ended with {ended.returncode}")
    return fault(
        "compiler", f"numba does not work: {shortened(reason, _SHOWN)}", "install it anew, or set FORGE_COMPILE=off"
    )


def dashboard(folder: Path) -> Finding:
    """Whether the page was built."""
    page = folder / "index.html"
    if page.is_file():
        return ok("dashboard", "built")
    return warning("dashboard", "not built: the server answers the API alone", "run `make web` in a checkout")


def sqlite() -> Finding:
    """The version of SQLite; what is known of old ones does not touch a database with one writer."""
    told = f"{sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info < _SAFE_SQLITE:
        told += "; before 3.51.3 two writers may harm a write-ahead log, and there is only one here"
    return ok("SQLite", told)


def descriptors(max_connections: int, *, public: bool) -> Finding:
    """Whether there may be as many sockets as the settings allow; `public`: others than this machine may subscribe."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return ok("open files", "no limit")
    sockets = max(0, soft - _OTHER_DESCRIPTORS)
    told = f"{soft:,} allowed: enough for some {sockets:,} of the {max_connections:,} sockets of FORGE_MAX_CONNECTIONS"
    if sockets >= max_connections or (sockets >= _OF_ONE_PERSON and not public):
        return ok("open files", told)
    return warning(
        "open files",
        told,
        f"`ulimit -n {max_connections + _OTHER_DESCRIPTORS}` before the start, or LimitNOFILE= in systemd",
    )


def versions() -> Mapping[str, str]:
    """The system that this was asked on, for those who read a report."""
    return {"system": platform.platform(), "machine": platform.machine()}
