"""A data frame of bars as a CSV that every server reads."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars


def write_frame(frame: Any, path: Path) -> None:
    """Writes it, instants as ms since the epoch; those without a time zone are in UTC. TypeError for other things.

    The index of a pandas frame is a column too where it holds the times, and of columns in two levels, as they are
    downloaded for one asset, the first names them.
    """
    library = type(frame).__module__.partition(".")[0]
    if library == "polars":
        _write_polars(frame, path)
    elif library == "pandas" and hasattr(frame, "columns"):
        _write_pandas(frame, path)
    else:
        raise TypeError(f"a {type(frame).__name__} is no data frame; give one of polars or pandas")


def _write_polars(frame: "polars.DataFrame | polars.LazyFrame", path: Path) -> None:
    import polars
    from polars import selectors

    whole = frame.collect() if isinstance(frame, polars.LazyFrame) else frame
    times = selectors.datetime(time_zone=["*", None]) | selectors.date()
    whole.with_columns(times.cast(polars.Datetime("us")).dt.epoch("ms")).write_csv(path)


def _write_pandas(frame: Any, path: Path) -> None:
    import pandas

    if frame.columns.nlevels > 1:
        frame = frame.set_axis(frame.columns.get_level_values(0), axis=1)
    if isinstance(frame.index, pandas.DatetimeIndex | pandas.PeriodIndex):
        frame = frame.rename_axis(frame.index.name or "time").reset_index()
    for name in frame.columns:
        if isinstance(frame[name].dtype, pandas.PeriodDtype):
            frame = frame.assign(**{name: frame[name].dt.start_time})
        if pandas.api.types.is_datetime64_any_dtype(frame[name].dtype):
            utc = pandas.to_datetime(frame[name], utc=True).dt.as_unit("ms")
            frame = frame.assign(**{name: utc.astype("int64").astype("Int64").where(utc.notna())})
    frame.to_csv(path, index=False)
