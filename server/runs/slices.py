"""Finds the rows of every series that a submission names, with the cash flows that go with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from msgspec import UNSET

from server.contract.base import format_instant
from server.contract.catalogue import CashFlowKind, DatasetInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import DATA_AXIS, Axis, DataSubscription, OptimizationRequest, RunSettings
from server.data.instrument import Instrument
from server.data.time_frames import parse_time_frame
from server.execution.tasks import DataSlice, Feed

_MOST_MARKETS: Final = 64
"""Data sets as an axis: as many as a single run may have series."""
CASH_FLOWS: Final[tuple[CashFlowKind, ...]] = ("funding", "dividends")
"""In the order in which runs are identified by them, whatever order they are asked in."""


class Series(Protocol):
    """The catalogue's index: answers without loading bars."""

    def resolve(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> DatasetInfo:
        """The newest version of a series; InvalidRequest `unknown_dataset` at a path that begins with `prefix`."""
        ...

    def resolve_flows(self, asset: str, exchange: str, kind: CashFlowKind, path: str) -> DatasetInfo:
        """The newest cash flows of an asset; InvalidRequest `unknown_dataset` at `path`."""
        ...

    def rows_between(self, dataset_id: str, start_ms: int, end_ms: int) -> tuple[int, int]:
        """The rows `[first, stop)` whose bars open in the period."""
        ...

    def open_of(self, dataset_id: str, row: int) -> int:
        """When a bar opens, ms since the epoch."""
        ...

    def directory(self, dataset_id: str) -> Path:
        """Where its files are."""
        ...

    def instrument(self, dataset_id: str) -> Instrument:
        """Its units."""
        ...


class Provider(Protocol):
    """Makes series."""

    async def provide(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> None:
        """Has a series made in a longer time frame; nothing when that cannot be done. ForgeError when it fails."""
        ...


class Subscription(NamedTuple):
    """One series as a request names it; `path` is where it does, "" for the fields of the request itself."""

    asset: str
    exchange: str
    time_frame: str
    path: str = ""

    @property
    def prefix(self) -> str:
        """What the path of one of its fields begins with."""
        return f"{self.path}." if self.path else ""


def subscriptions(request: RunSettings) -> list[Subscription]:
    """The series of a request, the main one first; InvalidRequest when they are missing or given twice."""
    named = {"assetName": request.asset_name, "exchange": request.exchange, "timeFrame": request.time_frame}
    if request.data_subscriptions is not UNSET:
        twice = [path for path, value in named.items() if value is not UNSET]
        if twice:
            raise InvalidRequest("invalid_request", twice[0], "give either this or dataSubscriptions, not both")
        return [
            Subscription(one.asset_name, one.exchange, one.time_frame, f"dataSubscriptions[{position}]")
            for position, one in enumerate(request.data_subscriptions)
        ]
    for path, value in named.items():
        if value is UNSET:
            raise InvalidRequest("invalid_request", path, "is required: it names the data set")
    return [Subscription(str(request.asset_name), str(request.exchange), str(request.time_frame))]


def asked_markets(request: RunSettings) -> list[list[Subscription]]:
    """The series of a request, for each value of the axis of data sets where there is one; errors as above."""
    axis = request.axes.get(DATA_AXIS) if isinstance(request, OptimizationRequest) else None
    if axis is None:
        return [subscriptions(request)]
    given = {
        "assetName": request.asset_name,
        "exchange": request.exchange,
        "timeFrame": request.time_frame,
        "dataSubscriptions": request.data_subscriptions,
    }
    for name, value in given.items():
        if value is not UNSET:
            raise InvalidRequest("invalid_request", name, f"give either this or axes.{DATA_AXIS}, not both")
    return [[one] for one in _axis_values(axis)]


def _axis_values(axis: Axis) -> list[Subscription]:
    path = f"axes.{DATA_AXIS}"
    others = (axis.min, axis.max, axis.step, axis.fixed)
    if axis.values is UNSET or any(other is not UNSET for other in others):
        raise InvalidRequest("invalid_request", path, "takes values: [{assetName, exchange, timeFrame}, …]")
    if not axis.values:
        raise InvalidRequest("no_combinations", path, "values is empty: there is nothing to run")
    if len(axis.values) > _MOST_MARKETS:
        raise InvalidRequest("invalid_request", path, f"{len(axis.values):,} data sets, at most {_MOST_MARKETS} go")
    found = []
    for place, one in enumerate(axis.values):
        if not isinstance(one, DataSubscription):
            raise InvalidRequest(
                "invalid_request", f"{path}.values[{place}]", "expected assetName, exchange, timeFrame"
            )
        found.append(Subscription(one.asset_name, one.exchange, one.time_frame, f"{path}.values[{place}]"))
    return found


async def provide(request: RunSettings, series: Provider) -> None:
    """Has the bars made that a request wants in a longer time frame than they are stored in."""
    for one in (one for asked in asked_markets(request) for one in asked):
        await series.provide(one.asset, one.exchange, one.time_frame, prefix=one.prefix)


def slices(
    request: RunSettings, asked: Sequence[Subscription], series: Series, start_ms: int, end_ms: int
) -> list[DataSlice]:
    """One slice a subscription, in their order.

    The main series, which is the first, ends the run: bars of the others that are complete only after its last bar are
    left out, so that the rows of all slices are those that the engine plays.

    Raises InvalidRequest: `unknown_dataset`, `empty_period` for a series without such a bar in the period,
    `invalid_request` for one that is named twice or whose prices are in another currency than those of the first.
    """
    found = [series.resolve(one.asset, one.exchange, one.time_frame, prefix=one.prefix) for one in asked]
    _check_together(asked, found)
    kinds = _cash_flows(request)
    made: list[DataSlice] = []
    over_ms = None
    for one, dataset in zip(asked, found, strict=True):
        frame_ms = parse_time_frame(dataset.time_frame).ms
        first, stop = series.rows_between(dataset.id, start_ms, end_ms)
        if first >= stop:
            raise InvalidRequest(
                "empty_period",
                one.path or "startTime",
                f"{series_name(dataset)} has no bars in this period; it reaches from {dataset.first} to {dataset.last}",
            )
        if over_ms is None:
            over_ms = series.open_of(dataset.id, stop - 1) + frame_ms
        first, stop = series.rows_between(dataset.id, start_ms, min(end_ms, over_ms - frame_ms))
        if first >= stop:
            raise InvalidRequest(
                "empty_period",
                one.path,
                f"no bar of {series_name(dataset)} in this period is complete before the main series ends at "
                f"{format_instant(over_ms)}",
            )
        feeds = [_feed(dataset, kind, path, series) for kind, path in kinds.items()]
        directory = str(series.directory(dataset.id))
        made.append(DataSlice(dataset=dataset, directory=directory, first_row=first, stop_row=stop, feeds=feeds))
    return made


def series_name(dataset: DatasetInfo) -> str:
    """A series as messages call it."""
    return f"{dataset.asset_name} {dataset.time_frame} of {dataset.exchange}"


def _check_together(asked: Sequence[Subscription], found: Sequence[DatasetInfo]) -> None:
    first: dict[str, Subscription] = {}
    for one, dataset in zip(asked, found, strict=True):
        if dataset.id in first:
            twice = f"is {series_name(dataset)} again, which {first[dataset.id].path} names"
            raise InvalidRequest("invalid_request", one.path, twice)
        first[dataset.id] = one
        if dataset.quote != found[0].quote:
            raise InvalidRequest(
                "invalid_request",
                one.path,
                f"{series_name(dataset)} is quoted in {dataset.quote}, the main series in {found[0].quote}; "
                "a run counts its money in one currency",
            )
        name = (dataset.asset_name, dataset.exchange)
        known = next(other for other in found if (other.asset_name, other.exchange) == name)
        for unit in ("tick_size", "lot_size", "multiplier"):
            mine, theirs = getattr(dataset, unit), getattr(known, unit)
            if mine != theirs:
                raise InvalidRequest(
                    "invalid_request",
                    one.path,
                    f"{series_name(dataset)} has the {unit.replace('_', ' ')} {mine}, {series_name(known)} {theirs}; "
                    "a run has one for each asset: import one of them anew",
                )


def _cash_flows(request: RunSettings) -> dict[CashFlowKind, str]:
    """The kinds asked for, each with its path in the request, in one order."""
    paths: dict[CashFlowKind, str] = {}
    for position, kind in enumerate(request.cash_flows):
        path = f"cashFlows[{position}]"
        if kind in paths:
            raise InvalidRequest("invalid_request", path, f"{kind} is given twice")
        if kind == "funding" and request.account.type == "cash":
            raise InvalidRequest("invalid_request", path, "funding needs account.type margin: what is bought is paid")
        paths[kind] = path
    return {kind: paths[kind] for kind in CASH_FLOWS if kind in paths}


def _feed(bars: DatasetInfo, kind: CashFlowKind, path: str, series: Series) -> Feed:
    found = series.resolve_flows(bars.asset_name, bars.exchange, kind, path)
    if kind == "dividends" and found.quote != bars.quote:
        raise InvalidRequest(
            "invalid_request",
            path,
            f"the dividends of {bars.asset_name} on {bars.exchange} are in {found.quote}, its prices in {bars.quote}",
        )
    return Feed(kind=kind, dataset=found, directory=str(series.directory(found.id)))
