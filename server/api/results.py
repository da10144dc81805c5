"""The reader of result files as the routes know it; `store.results.ResultFiles` is one."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from server.contract.results import TrialStatus
from server.store.chart import ChartSource, Window
from server.store.events import EventFilter
from server.store.orders import OrderFilter


class JsonPage(Protocol):
    """A page whose rows are JSON already."""

    def json(self, **more: Any) -> bytes:
        """`items`, `nextCursor`, `totalCount`, followed by `more`."""
        ...


class Results(Protocol):
    """Reads, away from the event loop, what workers left in the folder of an attempt."""

    async def result_json(self, folder: Path) -> bytes:
        """The whole result without trials; ForgeError `not_found` when the attempt left none."""
        ...

    def optimization_json(self, folder: Path, *, sort: str, limit: int | None) -> AsyncIterator[bytes]:
        """The whole result of an optimization with its first `limit` trials (all without it), in pieces."""
        ...

    def equity(self, folder: Path, *, points: int | None = None, rows: int | None = None) -> AsyncIterator[bytes]:
        """The contract's Equity in pieces, down-sampled to `points`; `rows`: bars done while the run goes on."""
        ...

    async def trades_page(
        self,
        folder: Path,
        *,
        asset_names: Sequence[str],
        limit: int,
        cursor: str | None = None,
        sort: str = "entryTime",
    ) -> JsonPage:
        """Round trips; `asset_names`: the run's assets, the main one first. InvalidRequest: sort, cursor."""
        ...

    async def orders_page(
        self,
        folder: Path,
        *,
        asset_names: Sequence[str],
        limit: int,
        wanted: OrderFilter,
        cursor: str | None = None,
        sort: str = "submittedAt",
        ended: bool = True,
    ) -> JsonPage:
        """Orders that match `wanted`, with their fills; without files none, and `not_found` when the attempt `ended`.

        InvalidRequest: sort, cursor.
        """
        ...

    def bars(self, source: ChartSource, window: Window) -> AsyncIterator[bytes]:
        """The contract's Bars in pieces; ForgeError `not_found` when the data set was deleted."""
        ...

    def events(self, folder: Path, wanted: EventFilter, *, limit: int | None, missing: str) -> AsyncIterator[bytes]:
        """The first `limit` events that are wanted, a line each; ForgeError `not_found` that says `missing`."""
        ...

    async def trials_page(
        self,
        folder: Path,
        *,
        limit: int,
        sort: str = "index",
        status: TrialStatus | None = None,
        cursor: str | None = None,
    ) -> JsonPage:
        """Trials, also of a sweep that goes on. InvalidRequest: sort, cursor."""
        ...

    def trials_csv(
        self, folder: Path, *, sort: str = "index", status: TrialStatus | None = None
    ) -> AsyncIterator[bytes]:
        """All trials as CSV with a header, in pieces. InvalidRequest: sort."""
        ...
