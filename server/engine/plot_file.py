"""What a strategy plots on the disk: one column a plot, a row for each bar of the main series, whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from server.engine.plotting import PlotRows

PLOTS_FILE: Final = "plots.npy"


class PlotFile:
    """Implements PlotSink: a structured .npy of floats that grows block by block."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._names: tuple[str, ...] = ()
        self._rows = 0

    @property
    def begun(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self._names)

    def begin(self, names: Sequence[str]) -> None:
        """Leaves room for a header: how many rows there are is known at the end."""
        self._names = tuple(names)
        self._write_header()

    def accept(self, rows: PlotRows) -> None:
        """Appends rows; OSError when the disk is full."""
        self._file.write(np.ascontiguousarray(rows, dtype="<f8").tobytes())
        self._rows += len(rows)

    def finish(self) -> None:
        """Writes how many rows there are, and all of it to the disk."""
        self._file.seek(0)
        self._write_header()
        self._file.flush()
        os.fsync(self._file.fileno())

    def _write_header(self) -> None:
        columns = [(name, "<f8") for name in self._names]
        header = {"descr": columns, "fortran_order": False, "shape": (self._rows,)}
        np.lib.format.write_array_header_1_0(self._file, header)  # padded for any number of rows


@contextmanager
def plot_file(path: Path, scratch: Path) -> Iterator[PlotFile]:
    """A file that grows in `scratch` and is named `path` once the run is over, where anything was plotted at all.

    OSError when the disk is full.
    """
    try:
        with scratch.open("wb") as file:
            kept = PlotFile(file)
            yield kept
            if kept.begun:
                kept.finish()
                scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
