"""Backtests and grids of them in other engines and in ours, on the same bars in one run of the benchmark."""

import json
import math
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from tests.bench.apart import NotMeasured, measure_apart
from tests.bench.figures import Figure
from tests.bench.peer_environment import peer_python
from tests.bench.walk import walk

_QUIET: Final = {"RAPTORBT_NO_VERSION_CHECK": "1"}  # it would ask a registry whenever it is imported


class Peer(NamedTuple):
    """Another engine, and how many bars it is given: one that plays fewer a second gets fewer."""

    name: str
    rows: int


_PEERS: Final = (
    Peer("raptorbt", 1_000_000),
    Peer("vectorbt-rust", 1_000_000),
    Peer("vectorbt-numba", 1_000_000),
    Peer("backtesting", 100_000),
)
_ROWS: Final = 1_000_000
_GRID_ROWS: Final = 100_000
_GRID_PEERS: Final = {"raptorbt": 12, "vectorbt-rust": 30, "vectorbt-numba": 30, "backtesting": 1_000}
"""How many times as fast ours should be."""


def side_by_side(folder: Path) -> list[Figure]:
    """SmaCrossover(10, 30), one unit, 0.1 %, fills at the next open, with metrics, each engine on one core."""
    python = peer_python()
    ours = {rows: _measured(sys.executable, "ours", rows, folder) for rows in {peer.rows for peer in _PEERS}}
    return [
        Figure(f"{ours[_ROWS]['engine']}, {_ROWS:,} bars", _rate(ours[_ROWS])),
        *(_beside(peer, python, folder, ours) for peer in _PEERS),
        *_grids(python, folder),
    ]


def _grids(python: Path, folder: Path) -> list[Figure]:
    """Many sets over the same bars, each engine on one core."""
    ours, few = (_measured(sys.executable, name, _GRID_ROWS, folder, "peer_grids") for name in ("ours", "ours-few"))
    figures = [Figure(f"{ours['engine']}, {ours['sets']} sets over {_GRID_ROWS:,} bars", _trials(ours))]
    for name, times in _GRID_PEERS.items():
        try:
            theirs = _measured(python, name, _GRID_ROWS, folder, "peer_grids")
        except NotMeasured as error:
            figures.append(Figure(f"{name}, the same", f"not measured: {error}"))
            continue
        faster = _bars_a_second(ours) / _bars_a_second(theirs)
        same = few if theirs["sets"] == few["sets"] else ours
        figures.append(
            Figure(
                f"{theirs['engine']}, {theirs['sets']} of these sets",
                _trials(theirs),
                f"ours ≥ {times:,} × as fast",
                f"ours is {faster:,.2f} × as fast; {_agreement(theirs, same)}",
            )
        )
    return figures


def _beside(peer: Peer, python: Path, folder: Path, ours: dict[int, Any]) -> Figure:
    try:
        theirs = _measured(python, peer.name, peer.rows, folder)
    except NotMeasured as error:
        return Figure(f"{peer.name}, {peer.rows:,} bars", f"not measured: {error}")
    faster = _bars_a_second(ours[_ROWS]) / _bars_a_second(theirs)
    return Figure(
        f"{theirs['engine']}, {peer.rows:,} bars",
        _rate(theirs),
        "",
        f"ours is {faster:,.2f} × as fast; {_agreement(theirs, ours[peer.rows])}",
    )


def _measured(python: Path | str, name: str, rows: int, folder: Path, module: str = "peer_runs") -> dict[str, Any]:
    path = folder / f"{rows}.npy"
    if not path.exists():
        np.save(path, walk(rows))
    found = measure_apart(python, f"tests.bench.{module}", name, str(path), environment=_QUIET)
    print(json.dumps(found), file=sys.stderr)
    return found


def _bars_a_second(found: dict[str, Any]) -> float:
    return float(found["bars"]) / float(found["seconds"])


def _rate(found: dict[str, Any]) -> str:
    return f"{_bars_a_second(found):,.0f} bars/s, {found['peakBytes'] / 1e6:,.0f} MB"


def _trials(found: dict[str, Any]) -> str:
    rate = found["sets"] / found["seconds"]
    return f"{rate:,.{0 if rate > 10 else 2}f} trials/s, {found['peakBytes'] / 1e6:,.0f} MB"


def _agreement(theirs: dict[str, Any], ours: dict[str, Any]) -> str:
    """Whether both computed the same; floats of a million bars differ in the last digits."""
    if theirs["trades"] == ours["trades"] and math.isclose(theirs["net_profit"], ours["net_profit"], rel_tol=1e-6):
        return f"the same {ours['trades']:,} trades and net profit"
    return (
        f"{theirs['trades']:,} trades and a net profit of {theirs['net_profit']:,.2f}, "
        f"ours {ours['trades']:,} and {ours['net_profit']:,.2f}"
    )
