"""The libraries that make data frames, each behind the same two ways of making one."""

import csv
from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from server.client.errors import NoFrameLibrary

if TYPE_CHECKING:
    import polars

Library = Literal["polars", "pandas"]
Frame = Any
"""A polars.DataFrame or a pandas.DataFrame."""


class Column(Enum):
    """What a column holds; INSTANT and STAMP are times, as text of the contract and as ms since the epoch."""

    INT = auto()
    FLOAT = auto()
    BOOL = auto()
    TEXT = auto()
    INSTANT = auto()
    STAMP = auto()


Columns = Mapping[str, Column]
"""What each column holds, by name and in order."""
Named = Callable[[Sequence[str]], Columns]
"""The columns to be made of those that a CSV names, as many in the same order."""


class Framing(Protocol):
    """Makes data frames."""

    def read_csv(self, text: bytes, named: Named) -> Frame:
        """Of a CSV with a header, in which what is undefined is empty."""

    def from_rows(self, rows: Sequence[Sequence[Any]], columns: Columns) -> Frame:
        """Of values row by row, None where one is undefined."""


def framing(library: Library | None = None) -> Framing:
    """That of the library asked for; without one of polars when it is installed, else of pandas. NoFrameLibrary."""
    for name, made in _FRAMINGS.items():
        if library in (None, name) and find_spec(name) is not None:
            return made()
    raise NoFrameLibrary(library)


class _Polars:
    def read_csv(self, text: bytes, named: Named) -> "polars.DataFrame":
        import polars

        columns = named(_header(text))
        read = {name: _polars_type(kind) for name, kind in columns.items()}
        return self._timed(polars.read_csv(text, has_header=False, skip_rows=1, schema=read), columns)

    def from_rows(self, rows: Sequence[Sequence[Any]], columns: Columns) -> "polars.DataFrame":
        import polars

        schema = {name: _polars_type(kind) for name, kind in columns.items()}
        return self._timed(polars.DataFrame(rows, schema=schema, orient="row"), columns)

    @staticmethod
    def _timed(frame: "polars.DataFrame", columns: Columns) -> "polars.DataFrame":
        import polars

        utc = polars.Datetime("ms", "UTC")
        instants = polars.col([name for name, kind in columns.items() if kind is Column.INSTANT])
        stamps = polars.col([name for name, kind in columns.items() if kind is Column.STAMP])
        return frame.with_columns(
            instants.str.strptime(polars.Datetime("ms"), "%Y-%m-%dT%H:%M:%S%.3fZ").dt.replace_time_zone("UTC"),
            stamps.cast(utc),
        )


def _polars_type(kind: Column) -> Any:
    import polars

    match kind:
        case Column.INT | Column.STAMP:
            return polars.Int64()
        case Column.FLOAT:
            return polars.Float64()
        case Column.BOOL:
            return polars.Boolean()
        case Column.TEXT | Column.INSTANT:
            return polars.String()


class _Pandas:
    def read_csv(self, text: bytes, named: Named) -> Frame:
        import pandas

        columns = named(_header(text))
        frame = pandas.read_csv(
            BytesIO(text),
            header=None,
            skiprows=1,
            names=list(columns),
            dtype={name: _PANDAS_TYPES[kind] for name, kind in columns.items()},
            keep_default_na=False,  # a text may well be "NA" or "None"
            na_values=[""],
            **_exact(pandas.__version__),
        )
        return self._typed(frame, columns)

    def from_rows(self, rows: Sequence[Sequence[Any]], columns: Columns) -> Frame:
        import pandas

        by_name = zip(columns.items(), zip(*rows, strict=True) if rows else ((),) * len(columns), strict=True)
        series = {name: pandas.Series(values, dtype=_PANDAS_TYPES[kind]) for (name, kind), values in by_name}
        return self._typed(pandas.DataFrame(series), columns)

    @staticmethod
    def _typed(frame: Frame, columns: Columns) -> Frame:
        """Times as instants; the types of pandas that know no null where nothing is undefined."""
        import pandas

        for name, kind in columns.items():
            match kind:
                case Column.INSTANT:
                    frame[name] = pandas.to_datetime(frame[name], utc=True, format="ISO8601").dt.as_unit("ms")
                case Column.STAMP:
                    frame[name] = pandas.to_datetime(frame[name], utc=True, unit="ms").dt.as_unit("ms")
                case Column.INT | Column.BOOL if not frame[name].hasnans:
                    frame[name] = frame[name].astype("int64" if kind is Column.INT else "bool")
                case _:
                    pass
        return frame


def _exact(version: str) -> dict[str, Any]:
    """What makes pandas read a figure as it was written: before 3.1 the default is off by the last bit."""
    major, minor, *_ = version.split(".")
    return {} if (int(major), int(minor)) >= (3, 1) else {"float_precision": "round_trip"}


def _header(text: bytes) -> list[str]:
    first, _, _ = text.partition(b"\n")
    return next(csv.reader([first.decode()]))


_PANDAS_TYPES: Final = {
    Column.INT: "Int64",
    Column.FLOAT: "float64",
    Column.BOOL: "boolean",
    Column.TEXT: "str",
    Column.INSTANT: "str",
    Column.STAMP: "int64",
}
_FRAMINGS: Final[Mapping[str, Callable[[], Framing]]] = {"polars": _Polars, "pandas": _Pandas}
"""The preferred one first."""
