"""The equity curve of an attempt as JSON."""

import zipfile
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from server.contract.problems import ForgeError
from server.engine.tables import CURVES_PREFIX, EQUITY_DTYPE, TOTAL, map_rows
from server.engine.thinning import Curve

FINAL_FILE: Final = "equity.npy"
LIVE_FILE: Final = "equity.live.npy"
"""Laid out for all bars at the start; as yet only its first rows are valid, the others are zero."""
BLOCK_ROWS: Final = 8_192
"""Rows encoded at a time: some 4 ms, for which the interpreter is held."""


class TrialCurve(NamedTuple):
    """The curve of a trial, of which `points` are kept; `total` bars."""

    points: Curve
    total: int


def read_curve(folder: Path, rows: int | None) -> Curve:
    """The rows of an attempt's curve that are valid: (n,) EQUITY_DTYPE, mapped; empty when there is none yet.

    Of a curve that is being written those that are, at most `rows`: the bars of all series that are told to be done.
    """
    for name in (FINAL_FILE, LIVE_FILE, FINAL_FILE):  # the last again: the run may end between the two
        try:
            curve = map_rows(folder / name)
        except (FileNotFoundError, EOFError, ValueError):  # the last two: the header is not written yet
            continue
        if name == FINAL_FILE:
            return curve
        return curve[: np.count_nonzero(curve["ts"][:rows])]
    return np.empty(0, dtype=EQUITY_DTYPE)


def read_trial_curve(folder: Path, trial_key: str) -> TrialCurve:
    """The kept curve of a trial; ForgeError `not_found` where none is."""
    for path in folder.glob(f"{CURVES_PREFIX}*.npz"):
        try:
            with np.load(path, allow_pickle=False) as file:
                if trial_key in file.files:
                    return TrialCurve(file[trial_key], int(file[trial_key + TOTAL]))
        except FileNotFoundError:
            break  # the run was deleted
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ForgeError("store_unavailable", f"The curves {path.name} cannot be read: {error}.") from error
    raise ForgeError(
        "not_found", "No curve is kept of this trial, as only of the best ones; run its parameters as a backtest."
    )


def encode_points(curve: Curve) -> bytes:
    """`[tsMs,equity,drawdownPct],…` without the brackets around all."""
    return msgspec.json.encode(curve.tolist())[1:-1]
