"""Which series is meant by what is named of it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from server.client.errors import DatasetUnclear
from server.contract.base import Instant
from server.contract.catalogue import DatasetInfo


class Series(NamedTuple):
    """A series by the names of the catalogue, and the period of its bars."""

    asset_name: str
    exchange: str
    time_frame: str
    first: Instant
    last: Instant

    @property
    def told(self) -> str:
        """It in words."""
        return f"{self.asset_name} {self.time_frame} on {self.exchange}, {self.first[:10]} to {self.last[:10]}"


def series_meant(
    datasets: Iterable[DatasetInfo],
    asset: str | None = None,
    exchange: str | None = None,
    time_frame: str | None = None,
) -> Series:
    """The one series that fits; what is not named is what there is, in its newest version. DatasetUnclear otherwise.

    The case of letters matters where two differ by it alone. A time frame that is not stored is left to the server: it
    may be made of shorter bars, or be another name of one.
    """
    newest = {
        (one.asset_name, one.exchange, one.time_frame): one
        for one in sorted(datasets, key=lambda one: one.version)
        if one.kind == "bars"
    }
    found = _named(list(newest.values()), "asset_name", asset)
    found = _named(found, "exchange", exchange)
    found = [one for one in found if one.time_frame == time_frame] or found
    meant = {(one.asset_name, one.exchange, time_frame or one.time_frame): one for one in found}
    if len(meant) == 1:
        (names, data), *_ = meant.items()
        return Series(*names, data.first, data.last)
    asked = " ".join(name for name in (asset, exchange, time_frame) if name) or "a run"
    if meant:
        raise DatasetUnclear(f"Several data sets fit {asked}; name asset, time frame and exchange:", _listed(found))
    if not newest:
        raise DatasetUnclear("There are no data sets yet; bring one with `forge import` or `Forge.import_frame`.", ())
    raise DatasetUnclear(f"No data set fits {asked}; there is:", _listed(newest.values()))


def _named(found: list[DatasetInfo], field: str, name: str | None) -> list[DatasetInfo]:
    """Those whose field has this name, spelt so or else in other letters."""
    if name is None:
        return found
    spelt = [one for one in found if getattr(one, field) == name]
    return spelt or [one for one in found if getattr(one, field).casefold() == name.strip().casefold()]


def _listed(datasets: Iterable[DatasetInfo]) -> Sequence[str]:
    ordered = sorted(datasets, key=lambda one: (one.asset_name, one.exchange, one.rows))
    return [Series(one.asset_name, one.exchange, one.time_frame, one.first, one.last).told for one in ordered]
