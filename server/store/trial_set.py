"""Chunks of trials, put together and read column by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from server.contract.problems import InvalidRequest
from server.contract.results import METRIC_NAMES
from server.store.trial_files import Chunk, Rows, join
from server.store.trial_orders import Order

Column = npt.NDArray[Any]


class TrialSet:
    """Trials by row: those of the first chunk, then those of the second, and so on.

    `orders` that were prepared have the rows rising and falling by a column: by value, equal ones by index, undefined
    ones last.
    """

    def __init__(
        self, chunks: Sequence[Chunk], orders: Mapping[str, tuple[Order, Order]] = MappingProxyType({})
    ) -> None:
        self.chunks = tuple(chunks)
        self._orders = orders
        self._starts = np.cumsum([0, *map(len, chunks)])
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return int(self._starts[-1])

    @property
    def parameters(self) -> list[str]:
        """The camelCase names of the parameters, in order."""
        return list(dict.fromkeys(name for chunk in self.chunks for name in chunk.parameters))

    def column(self, name: str) -> Column:
        """One sortable column over all chunks: a metric, a parameter, fitness, index, durationMs; `status`, `reused`,
        `family` and `trialKey` too.

        InvalidRequest for another name.
        """
        if name not in self._columns:
            read = self._reader(name)
            parts = [read(chunk) for chunk in self.chunks]
            self._columns[name] = parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0)
        return self._columns[name]

    def order(self, sort: str) -> Order | None:
        """All rows in an order (falling with a leading `-`); None when it was not prepared."""
        orders = self._orders.get(sort.removeprefix("-"))
        return None if orders is None else orders[sort.startswith("-")]

    def locate(self, rows: Rows) -> Iterator[tuple[Chunk, int]]:
        """The chunk of each row, and its place there."""
        owners = np.searchsorted(self._starts, rows, side="right") - 1
        for owner, row in zip(owners.tolist(), rows.tolist(), strict=True):
            yield self.chunks[owner], row - int(self._starts[owner])

    def pick(self, rows: Rows) -> Chunk:
        """A copy of some rows, at least one, which rise."""
        bounds = np.searchsorted(rows, self._starts)
        return join(
            [
                chunk.pick(rows[first:stop] - start)
                for chunk, start, first, stop in zip(
                    self.chunks, self._starts[:-1], bounds[:-1], bounds[1:], strict=True
                )
                if first < stop
            ]
        )

    def _reader(self, name: str) -> Callable[[Chunk], Column]:
        if name in METRIC_NAMES:
            place = METRIC_NAMES.index(name)
            return lambda chunk: chunk.metrics[:, place]
        match name:
            case "durationMs":
                return lambda chunk: chunk.duration_ms
            case "trialKey":
                return lambda chunk: chunk.trial_key
            case "index" | "fitness" | "status" | "reused" | "family":
                return lambda chunk: getattr(chunk, name)
        known = self.parameters
        if self.chunks and name not in known:
            others = ", ".join((*METRIC_NAMES, "fitness", "index", "durationMs", *known))
            raise InvalidRequest("invalid_request", "sort", f"{name!r} is none of {others}; a leading - falls")
        return lambda chunk: chunk.parameters[name]
