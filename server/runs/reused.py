"""Takes over the finished trials of earlier attempts of the same sweep."""

import json
import logging
from collections import Counter
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from server.contract.results import METRIC_NAMES
from server.contract.run import Leader
from server.engine.tables import TRIAL_STATUSES, write_columns
from server.optimization.leaders import FITNESS, Leaderboard, Ranked
from server.optimization.space import Space

_log = logging.getLogger(__name__)
_COMPLETED: Final = TRIAL_STATUSES.index("Completed")
Columns = dict[str, npt.NDArray[Any]]


class ReusedChunk(NamedTuple):
    """The trials `[first, stop)` of an earlier attempt: their best in `top`, their failures by message."""

    first: int
    stop: int
    completed: int
    failed: int
    top: list[Ranked]
    failures: dict[str, int]
    examples: dict[str, str]
    trace: str | None


def reuse_chunks(earlier: list[Path], folder: Path, sort_by: str, space: Space) -> list[ReusedChunk]:
    """Copies the chunk files of earlier attempts, newest first, into `folder`, marked as reused.

    A file that cannot be read is left out, so its trials are computed again.
    """
    taken: list[ReusedChunk] = []
    for source in reversed(earlier):
        for path in sorted(source.glob("trials-*.npz")):
            columns = _read(path)
            if columns is None or not _is_new(columns, taken):
                continue
            columns["reused"] = np.ones(len(columns["index"]), dtype=bool)
            write_columns(folder / path.name, columns)
            taken.append(_described(columns, sort_by, space))
    return sorted(taken, key=lambda chunk: chunk.first)


def _read(path: Path) -> Columns | None:
    try:
        with np.load(path, allow_pickle=False) as archive:
            columns = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, BadZipFile) as error:
        _log.warning("a chunk of an earlier attempt cannot be read", extra={"file": path.name, "reason": str(error)})
        return None
    index = columns["index"]
    contiguous = len(index) > 0 and bool(np.all(np.diff(index) == 1))
    return columns if contiguous else None


def _is_new(columns: Columns, taken: list[ReusedChunk]) -> bool:
    first, stop = int(columns["index"][0]), int(columns["index"][-1]) + 1
    return all(stop <= chunk.first or first >= chunk.stop for chunk in taken)


def _described(columns: Columns, sort_by: str, space: Space) -> ReusedChunk:
    index, completed = columns["index"], columns["status"] == _COMPLETED
    keys = [bytes(key).decode() for key in columns["trial_key"]]
    values = columns["metrics"][:, METRIC_NAMES.index("netProfit" if sort_by == FITNESS else sort_by)]
    board = Leaderboard(sort_by)
    for row in np.flatnonzero(completed):
        value = float(values[row])
        leader = Leader(
            trial_key=keys[row],
            parameters=space.at(int(index[row])),
            value=None if np.isnan(value) else value,
        )
        board.offer(Ranked(int(index[row]), leader))
    errors = json.loads(columns["errors"].tobytes() or b"[]")
    failed_rows = np.flatnonzero(~completed)
    messages = [errors[columns["error"][row]]["message"] for row in failed_rows]
    examples = {message: keys[row] for row, message in zip(reversed(failed_rows), reversed(messages), strict=True)}
    return ReusedChunk(
        first=int(index[0]),
        stop=int(index[-1]) + 1,
        completed=int(completed.sum()),
        failed=len(failed_rows),
        top=board.top,
        failures=dict(Counter(messages)),
        examples=examples,
        trace=errors[0].get("stackTrace") if errors else None,
    )
