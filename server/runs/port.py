"""The run service as REST routes and WebSocket delivery know it."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from server.contract.catalogue import DatasetInfo, StrategyInfo
from server.contract.requests import BacktestRequest, OptimizationRequest, RunKind
from server.contract.run import CancelAnswer, Evaluation, Revision, RunSnapshot, Submission
from server.execution.tasks import DataSlice, ImportTask
from server.optimization.space import Space
from server.store.port import AttemptRecord, RunFilter


class RunView(NamedTuple):
    """A run as it stands: its newest visible attempt, and the completed one (if any) whose result is shown."""

    snapshot: RunSnapshot
    queue_position: int | None
    completed: AttemptRecord | None
    stop_reason: str | None
    request: bytes | None = None
    """The submission's body (JSON) of the newest attempt; None in lists."""

    @property
    def result_attempt(self) -> int | None:
        """The attempt that report, equity, trades and trials show."""
        return self.completed.attempt if self.completed else None


class ShownSeries(NamedTuple):
    """One series of a run; `asset`: the number that its result files give to the asset."""

    data: DataSlice
    asset: int


class RunViewPage(NamedTuple):
    """One page of runs."""

    items: list[RunView]
    next_cursor: str | None
    total_count: int


class RunDirectory(Protocol):
    """What following a run needs."""

    @property
    def store_id(self) -> str:
        """The UUID of the home."""
        ...

    async def snapshot(self, run_key: str, attempt: int | None = None) -> RunSnapshot | None:
        """The newest visible state; with an `attempt` not visible yet its Pending state; None when unknown."""
        ...

    async def active(self) -> Sequence[tuple[RunSnapshot, int | None]]:
        """Every visible run that is not terminal, with its queue position. ForgeError when that cannot be known now."""
        ...


class Runs(RunDirectory, Protocol):
    """All that can be done with runs. Everything raises ForgeError for what the client did wrong."""

    async def submit(self, request: BacktestRequest | OptimizationRequest, *, dry_run: bool = False) -> Submission:
        """Starts, joins or answers a run from the store; with `dry_run` only says which of these it would be."""
        ...

    async def evaluate(self, request: OptimizationRequest) -> Evaluation:
        """What the optimization would cost."""
        ...

    async def view(self, kind: RunKind, run_key: str, attempt: int | None = None) -> RunView:
        """A run as it stands; RunNotFound."""
        ...

    async def wait_for_change(
        self, kind: RunKind, run_key: str, seen: tuple[Revision, int | None, int | None], timeout_s: float
    ) -> RunView:
        """The view once (rev, queue position, result attempt) differs from `seen`, at latest after the timeout."""
        ...

    async def page(self, query: RunFilter) -> RunViewPage:
        """One page of runs, live states included."""
        ...

    async def cancel(self, kind: RunKind, run_key: str) -> CancelAnswer:
        """Asks every unfinished attempt to stop; RunNotFound, `already_terminal`."""
        ...

    async def delete(self, kind: RunKind, run_key: str) -> None:
        """Cancels, waits for the end, forgets the run with its files; RunNotFound."""
        ...

    def result_dir(self, run_key: str, attempt: int) -> Path:
        """The folder of an attempt's result files."""
        ...

    async def space(self, run_key: str, attempt: int) -> Space:
        """The sets of parameters that an attempt of an optimization visits; RunNotFound when it is gone."""
        ...

    async def series(self, run_key: str, attempt: int, number: int) -> ShownSeries:
        """The bars of one series of an attempt (0: the main one), where they are now.

        ForgeError `not_found` when the attempt or its data set is gone, InvalidRequest where there are not as many.
        """
        ...


class Strategies(Protocol):
    """The strategies that are loaded now."""

    async def all(self) -> list[StrategyInfo]:
        """Those that load, by name, then those that do not; looks at the folder first."""
        ...

    async def get(self, name: str) -> StrategyInfo | None:
        """One of them."""
        ...


class Datasets(Protocol):
    """The catalogue of data sets."""

    @property
    def root(self) -> Path:
        """The folder of the catalogue, for import tasks."""
        ...

    def all(self) -> list[DatasetInfo]:
        """Every version of every series, by name, newest first."""
        ...

    def get(self, dataset_id: str) -> DatasetInfo | None:
        """One version."""
        ...

    def upload_path(self) -> Path:
        """A fresh path on the catalogue's disk for the body of an upload; the caller deletes what it leaves."""
        ...

    async def add(self, task: ImportTask) -> tuple[DatasetInfo, bool]:
        """Imports a file in a worker; the data set and whether it is new. ForgeError `bad_rows` names the lines."""
        ...

    async def remove(self, dataset_id: str) -> bool:
        """Forgets a version; False when there is none. Runs that use it now keep it until they end."""
        ...
