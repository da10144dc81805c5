"""Tables of a run as data frames: all rows, typed columns."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from msgspec import structs

from server.client import wire
from server.client.libraries import Column, Columns, Frame, Library, framing
from server.client.moments import Moment, instant_of, moment_ms
from server.client.wire import RunRef
from server.contract.base import ParamValue, format_instant
from server.contract.chart import Bars
from server.contract.media import CSV
from server.contract.requests import RunKind
from server.contract.results import Metrics, Order, RoundTrip, Trial

if TYPE_CHECKING:
    from server.client.asynchronous import AsyncForge

T = TypeVar("T")
_BY_TYPE: Final = {bool: Column.BOOL, int: Column.INT, float: Column.FLOAT, str: Column.TEXT}
_EQUITY: Final[Columns] = {"time": Column.STAMP, "equity": Column.FLOAT, "drawdown_pct": Column.FLOAT}
_PRICES: Final = ("open", "high", "low", "close", "volume")
_BAR_ROWS: Final = 20_000
"""The most bars that one question is answered with."""


class AsyncFrames:
    """Each table of a run as one data frame; `library` is polars or pandas, left out the first that is installed.

    NoFrameLibrary without one. Columns have the names that Python has for them (`net_profit`, `fast_period`), times are
    instants in UTC, and what is undefined is null. Otherwise the errors of `AsyncForge`.
    """

    def __init__(self, forge: "AsyncForge", *, bar_rows: int = _BAR_ROWS) -> None:
        self._forge = forge
        self._bar_rows = bar_rows

    async def trials(
        self,
        run: RunRef,
        *,
        sort: str | None = None,
        status: str | None = None,
        library: Library | None = None,
        **bounds: float,
    ) -> Frame:
        """All trials of an optimization, best first unless `sort` names a metric or parameter (`-net_profit` falls).

        `bounds` are those of a submission's filters: `min_total_trades=30`. The parameters, each a bool, int, float or
        text as the strategy has it, stand between what tells of the trial and its metrics.
        """
        made = framing(library)
        csv = await self._csv("optimization", run, "trials", sort=sort, status=status, **bounds)
        # Asked afterwards: while the run goes on, there is a first trial now if any is in the table.
        first = await self._forge.trials(run, limit=1)
        parameters = first.items[0].parameters if first.items else {}
        return await asyncio.to_thread(made.read_csv, csv, partial(_trial_columns, parameters))

    async def trades(self, run: RunRef, *, sort: str | None = None, library: Library | None = None) -> Frame:
        """All round trips of a backtest in order of entry, or as `sort` says: `-profit`."""
        made = framing(library)
        csv = await self._csv("backtest", run, "trades", sort=sort)
        return await asyncio.to_thread(made.read_csv, csv, _trade_columns)

    async def orders(
        self,
        run: RunRef,
        *,
        status: str | None = None,
        side: str | None = None,
        type: str | None = None,
        library: Library | None = None,
    ) -> Frame:
        """All orders of a backtest in order of submission, the fills of each put together."""
        made = framing(library)
        csv = await self._csv("backtest", run, "orders", status=status, side=side, type=type)
        return await asyncio.to_thread(made.read_csv, csv, _order_columns)

    async def equity(self, run: RunRef, *, points: int | None = None, library: Library | None = None) -> Frame:
        """The equity curve of a backtest, bar by bar, or in about `points` with the extremes kept."""
        made = framing(library)
        curve = await self._forge.equity(run, points=points)
        return await asyncio.to_thread(made.from_rows, curve.points, _EQUITY)

    async def bars(
        self,
        run: RunRef,
        *,
        from_: Moment | None = None,
        to: Moment | None = None,
        library: Library | None = None,
    ) -> Frame:
        """Every bar of a backtest between two days or instants, with a column for all that the strategy plots."""
        made = framing(library)
        pages = await self._bar_pages(run, from_, to)
        plots = {wire.snake(name): Column.FLOAT for name in pages[0].indicators}
        columns = {"time": Column.STAMP, **dict.fromkeys(_PRICES, Column.FLOAT), **plots}
        rows = [
            (*row, *plotted)
            for page in pages
            for row, plotted in zip(page.rows, _by_row(page.indicators, len(page.rows)), strict=True)
        ]
        return await asyncio.to_thread(made.from_rows, rows, columns)

    async def _bar_pages(self, run: RunRef, from_: Moment | None, to: Moment | None) -> list[Bars]:
        """All bars, one a row; more than one answer holds in windows that hold no more bars than that."""
        start = None if from_ is None else instant_of(from_)
        end = None if to is None else instant_of(to, ends=True)
        whole = await self._forge.bars(run, from_=start, to=end, points=self._bar_rows)
        if not whole.rows:
            return [whole]
        first_ms, last_ms = whole.rows[0][0], whole.rows[-1][0] + whole.interval
        first = format_instant(first_ms)
        bar_ms = (await self._forge.bars(run, from_=first, to=first, points=2)).interval
        if whole.interval == bar_ms:
            return [whole]
        if to is not None:
            last_ms = min(last_ms, moment_ms(to, ends=True) + 1)
        window_ms = self._bar_rows * bar_ms
        return [
            await self._forge.bars(
                run,
                from_=format_instant(at),
                to=format_instant(min(at + window_ms, last_ms) - 1),
                points=self._bar_rows,
            )
            for at in range(first_ms, last_ms, window_ms)
        ]

    async def _csv(self, kind: RunKind, run: RunRef, table: str, **asked: object) -> bytes:
        if isinstance(sort := asked.get("sort"), str):
            asked["sort"] = wire.camel(sort)
        return b"".join([piece async for piece in self._forge.pieces(run, kind, table, CSV, **asked)])


def _trial_columns(parameters: Mapping[str, ParamValue], header: Sequence[str]) -> dict[str, Column]:
    """The columns of trials; a parameter that is named as another column is told apart from it."""
    first = header.index("reused") + 1
    chosen = header[first : first + len(parameters)]
    others = [*header[:first], *header[first + len(chosen) :]]
    known = _kinds(Trial) | _kinds(Metrics)
    taken = {wire.snake(name): known.get(name, Column.TEXT) for name in others}
    named = {_beside(wire.snake(name), taken): _BY_TYPE[type(parameters[name])] for name in chosen}
    before = dict(list(taken.items())[:first])
    return before | named | taken


def _beside(name: str, taken: Mapping[str, object]) -> str:
    return f"parameter_{name}" if name in taken else name


def _trade_columns(header: Sequence[str]) -> dict[str, Column]:
    return _columns(_kinds(RoundTrip), header)


def _order_columns(header: Sequence[str]) -> dict[str, Column]:
    summed = {
        "fills": Column.INT,
        "filledQuantity": Column.FLOAT,
        "averagePrice": Column.FLOAT,
        "commission": Column.FLOAT,
        "lastFillTime": Column.INSTANT,
    }
    return _columns(_kinds(Order) | summed, header)


def _columns(known: Columns, header: Sequence[str]) -> dict[str, Column]:
    return {wire.snake(name): known.get(name, Column.TEXT) for name in header}


def _kinds(table: type) -> dict[str, Column]:
    """What the fields of a struct are as columns, by the names that they are sent under."""
    return {field.encode_name: _kind(field.name, field.type) for field in structs.fields(table)}


def _kind(name: str, type_: Any) -> Column:
    if name.endswith(("_time", "_at")):
        return Column.INSTANT
    alone = [one for one in _BY_TYPE if type_ is one or type_ == one | None]
    return _BY_TYPE[alone[0]] if alone else Column.TEXT


def _by_row(plots: Mapping[str, Sequence[float | None]], rows: int) -> Sequence[tuple[float | None, ...]]:
    return list(zip(*plots.values(), strict=True)) if plots else [()] * rows
