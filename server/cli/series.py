"""Which series of the catalogue the options name, and the period that they ask of it."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from server.cli.faults import Fault
from server.client.words import minute

if TYPE_CHECKING:
    from server.contract.catalogue import DatasetInfo


class Series(NamedTuple):
    """A series by the names of the catalogue, and the instants asked for."""

    asset: str
    exchange: str
    time_frame: str
    start: str
    end: str

    @property
    def fields(self) -> dict[str, str]:
        """It as a request names it."""
        return {"assetName": self.asset, "exchange": self.exchange, "timeFrame": self.time_frame}


def series_asked(datasets: "list[DatasetInfo]", given: dict[str, Any]) -> Series:
    """The series that `--asset`, `--exchange`, `--time-frame` name, the case of letters aside unless two differ by it.

    A start or end that is not given is the data's. Fault when nothing is so named, or the data ends before the start.
    """
    datasets = [one for one in datasets if one.kind == "bars"]
    asset = _spelt(given["asset"], (one.asset_name for one in datasets))
    if asset is None:
        raise _unknown(f"data set {given['asset']} on {given['exchange']}", given["asset"], _names(datasets))
    of_asset = [one for one in datasets if one.asset_name == asset]
    exchange = _spelt(given["exchange"], (one.exchange for one in of_asset))
    if exchange is None:
        there = [one.exchange for one in of_asset]
        raise _unknown(f"data set {asset} on {given['exchange']}", given["exchange"], there)
    listed = [one for one in of_asset if one.exchange == exchange]
    frame = _spelt(given["time_frame"], (one.time_frame for one in listed)) or given["time_frame"]
    # what is no spelling of a frame may be another name of one, which the server reads: 60m and 1:00:00 are 1h
    same = [one for one in listed if one.time_frame == frame] or listed
    newest = max(same, key=lambda one: one.version)
    _refuse_beyond(newest, given["start"], given["end"])
    return Series(asset, exchange, frame, given["start"] or newest.first, given["end"] or newest.last)


def _spelt(typed: str, names: Iterable[str]) -> str | None:
    there = set(names)
    if typed in there:
        return typed
    found = [name for name in there if name.casefold() == typed.strip().casefold()]
    return found[0] if len(found) == 1 else None


def _unknown(what: str, typed: str, there: Iterable[str]) -> Fault:
    known = {name.casefold(): name for name in there}
    near = [known[name] for name in get_close_matches(typed.casefold(), known, n=1)]
    hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(sorted(known.values())) or 'none yet'};"
    return Fault(f"there is no {what}; {hint} `forge datasets` lists them", code="unknown_dataset")


def _names(datasets: "list[DatasetInfo]") -> list[str]:
    return [one.asset_name for one in datasets]


def _refuse_beyond(data: "DatasetInfo", start: str | None, end: str | None) -> None:
    """A bound that was not given is not blamed: the server would say that it lies before the other."""
    name = f"{data.asset_name} {data.time_frame} on {data.exchange}"
    if end is None and start is not None and start > data.last:
        raise Fault(f"{name} ends at {minute(data.last)}, before --from {minute(start)}", code="empty_period")
    if start is None and end is not None and end < data.first:
        raise Fault(f"{name} begins at {minute(data.first)}, after --to {minute(end)}", code="empty_period")
