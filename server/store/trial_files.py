"""The file of a chunk of trials, as columns in memory."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from server.contract.problems import ForgeError
from server.engine.tables import write_columns
from server.optimization.trial_table import TrialFailure
from server.strategies.naming import camel_case, snake_case

CHUNK_PREFIX: Final = "trials-"
_PARAM: Final = "param:"
_ROWS: Final = ("index", "status", "duration_ms", "fitness", "metrics", "trial_key", "reused")
"""The columns that are copied as they are when rows are picked or chunks put together."""

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Chunk:
    """The columns of one chunk file (server.engine.tables), n rows each; `parameters` by their camelCase names."""

    index: npt.NDArray[np.int64]
    status: npt.NDArray[np.uint8]
    duration_ms: npt.NDArray[np.float64]
    fitness: npt.NDArray[np.float64]
    metrics: npt.NDArray[np.float64]
    trial_key: npt.NDArray[np.bytes_]
    reused: npt.NDArray[np.bool_]
    error: npt.NDArray[np.int32]
    parameters: Mapping[str, npt.NDArray[Any]]
    errors: Sequence[TrialFailure]
    family: npt.NDArray[np.bytes_]

    def __len__(self) -> int:
        return len(self.index)

    @property
    def nbytes(self) -> int:
        """About what it occupies."""
        texts = sum(len(error.message) + len(error.stack_trace or "") for error in self.errors)
        parameters = sum(column.nbytes for column in self.parameters.values())
        return self.metrics.nbytes + parameters + texts + 60 * len(self) + 2_000

    def pick(self, rows: Rows) -> "Chunk":
        """A copy of some rows, with those failures that they have."""
        error = self.error[rows]
        told = np.unique(error[error >= 0])
        return replace(
            self,
            **{name: getattr(self, name)[rows] for name in _ROWS},
            error=np.where(error >= 0, np.searchsorted(told, error), -1).astype("<i4"),
            parameters={name: column[rows] for name, column in self.parameters.items()},
            errors=[self.errors[place] for place in told],
            family=self.family[rows],
        )


def join(chunks: Sequence[Chunk]) -> Chunk:
    """One chunk of the rows of all, which have the same parameters; at least one."""
    places: dict[TrialFailure, int] = {}
    error = [renumbered(chunk, places) for chunk in chunks]
    return Chunk(
        **{name: np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in _ROWS},
        error=np.concatenate(error),
        parameters={
            name: np.concatenate([chunk.parameters[name] for chunk in chunks]) for name in chunks[0].parameters
        },
        errors=list(places),
        family=np.concatenate([chunk.family for chunk in chunks]),
    )


def read_chunk(path: Path) -> Chunk:
    """The file of a chunk; ForgeError `store_unavailable` when it is damaged, FileNotFoundError when it is gone."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            index = file["index"]
            family = file["family"] if "family" in file.files else np.array(b"", dtype="S24")
            return Chunk(
                **{name: file[name] for name in _ROWS},
                error=file["error"],
                parameters={
                    camel_case(name.removeprefix(_PARAM)): file[name] for name in file.files if name.startswith(_PARAM)
                },
                errors=msgspec.json.decode(file["errors"].tobytes() or b"[]", type=list[TrialFailure]),
                family=np.broadcast_to(family, len(index)),
            )
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ForgeError("store_unavailable", f"The trials file {path.name} cannot be read: {error}.") from error


def chunk_paths(folder: Path) -> list[Path]:
    """The chunk files of an attempt, in order of their first trials."""
    return sorted(folder.glob(f"{CHUNK_PREFIX}*.npz"))


def write_chunk(folder: Path, chunk: Chunk) -> None:
    """Writes a chunk under the name of its first trial, whole or not at all; OSError: disk full."""
    columns: dict[str, npt.NDArray[Any]] = {
        **{name: getattr(chunk, name) for name in _ROWS},
        "error": chunk.error,
        "errors": np.frombuffer(msgspec.json.encode(chunk.errors), dtype="<u1"),
        "family": chunk.family[0] if (chunk.family == chunk.family[0]).all() else chunk.family,
        **{f"{_PARAM}{snake_case(name)}": column for name, column in chunk.parameters.items()},
    }
    write_columns(folder / chunk_name(int(chunk.index[0])), columns)


def chunk_name(first: int) -> str:
    """The file of the chunk that begins with trial `first`."""
    return f"{CHUNK_PREFIX}{first:09d}.npz"


def renumbered(chunk: Chunk, places: dict[TrialFailure, int]) -> npt.NDArray[np.int32]:
    """The chunk's column `error` with the failures numbered as in `places`, which gets those that are new."""
    numbers = [places.setdefault(failure, len(places)) for failure in chunk.errors]
    return np.array([*numbers, -1], dtype="<i4")[chunk.error]
