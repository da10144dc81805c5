"""The readers of result files as the routes know them; `store.results.ResultFiles` is one, and its `trials`."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from server.optimization.space import Space
from server.store.chart import ChartSource, Window
from server.store.events import EventFilter
from server.store.orders import OrderFilter
from server.store.spread import SampleQuery
from server.store.surface import SurfaceQuery
from server.store.trial_query import Bounds, TrialQuery


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

    def equity(self, folder: Path, *, points: int | None = None, rows: int | None = None) -> AsyncIterator[bytes]:
        """The contract's Equity in pieces, down-sampled to `points`; `rows`: bars done while the run goes on."""
        ...

    async def month_ends(self, folder: Path) -> list[tuple[int, int, float]]:
        """Year, month and last equity of every month; empty when the attempt left no curve."""
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

    def trades_csv(self, folder: Path, *, asset_names: Sequence[str], sort: str) -> AsyncIterator[bytes]:
        """All round trips as CSV with a header, in pieces; InvalidRequest: sort."""
        ...

    def trades_parquet(self, folder: Path, *, asset_names: Sequence[str], sort: str) -> AsyncIterator[bytes]:
        """The same as a Parquet file; ForgeError `not_supported` when pyarrow is missing."""
        ...

    def orders_csv(
        self, folder: Path, *, asset_names: Sequence[str], wanted: OrderFilter, sort: str, ended: bool
    ) -> AsyncIterator[bytes]:
        """All orders that match as CSV with a header, in pieces; errors as of `orders_page`."""
        ...

    def bars(self, source: ChartSource, window: Window) -> AsyncIterator[bytes]:
        """The contract's Bars in pieces; ForgeError `not_found` when the data set was deleted."""
        ...

    def events(self, folder: Path, wanted: EventFilter, *, limit: int | None, missing: str) -> AsyncIterator[bytes]:
        """The first `limit` events that are wanted, a line each; ForgeError `not_found` that says `missing`."""
        ...


class Trials(Protocol):
    """Reads the trials in the folder of an attempt, also while its sweep goes on.

    InvalidRequest for a query that does not fit them.
    """

    async def page(self, folder: Path, query: TrialQuery, *, limit: int, cursor: str | None = None) -> JsonPage:
        """One page."""
        ...

    async def one(self, folder: Path, trial_key: str) -> bytes:
        """The contract's Trial of that key; ForgeError `not_found` where none has ended."""
        ...

    def listed(
        self, folder: Path, query: TrialQuery, *, limit: int | None, leading: Bounds = ()
    ) -> AsyncIterator[bytes]:
        """The first `limit` trials (all without it) as a JSON array, in pieces; those `leading` that keep bounds."""
        ...

    def csv(self, folder: Path, query: TrialQuery) -> AsyncIterator[bytes]:
        """All as CSV with a header, in pieces."""
        ...

    def parquet(self, folder: Path, query: TrialQuery) -> AsyncIterator[bytes]:
        """All as a Parquet file, in pieces; ForgeError `not_supported` when pyarrow is missing."""
        ...

    def equity(self, folder: Path, trial_key: str, *, points: int | None = None) -> AsyncIterator[bytes]:
        """The contract's Equity of one trial in pieces; ForgeError `not_found` where no curve of it is kept."""
        ...

    def surface(self, folder: Path, query: SurfaceQuery, space: Space, **more: Any) -> AsyncIterator[bytes]:
        """The contract's Surface in pieces, with `more` fields by the names under which they are sent."""
        ...

    async def sample(self, folder: Path, query: SampleQuery, **more: Any) -> bytes:
        """The contract's Sample, with `more` fields by the names under which they are sent."""
        ...

    async def distribution(self, folder: Path, metric: str, bins: int, **more: Any) -> bytes:
        """The contract's Distribution of a metric in at most `bins` steps, with `more` fields."""
        ...
