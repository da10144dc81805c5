"""What the routes need of the rest of the server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from server.api.measures import Measures
from server.api.results import Results, Trials
from server.contract.problems import ForgeError
from server.contract.requests import RunKind
from server.contract.retention import Pruning
from server.contract.system import System
from server.downloads.port import Downloads
from server.runs.port import Datasets, Runs, Strategies

MAX_WAIT_S: Final = 60


@dataclass(frozen=True)
class ApiLimits:
    """How large bodies may be (bytes), and after how many seconds a client does well to ask again."""

    json_body_bytes: int = 1_000_000
    upload_bytes: int = 4_000_000_000
    submitted_retry_s: int = 1
    backtest_retry_s: int = 1
    optimization_retry_s: int = 5

    def status_retry_s(self, kind: RunKind) -> int:
        """When a run of this kind is worth another look."""
        return self.backtest_retry_s if kind == "backtest" else self.optimization_retry_s


class Prune(Protocol):
    """Lets go of what is not to be kept."""

    async def __call__(self, *, dry_run: bool) -> Pruning:
        """What goes, or with `dry_run` would."""
        ...


@dataclass(frozen=True)
class ApiServices:
    """`system` describes the server now, `measures` in figures; `ready` gives None, or the error (draining, store down)
    that makes it not. `prune` removes what is not to be kept, or with `dry_run` tells of it.
    """

    runs: Runs
    strategies: Strategies
    datasets: Datasets
    downloads: Downloads
    results: Results
    trials: Trials
    system: Callable[[], System]
    measures: Callable[[], Measures]
    ready: Callable[[], ForgeError | None]
    prune: Prune
    limits: ApiLimits = field(default_factory=ApiLimits)
