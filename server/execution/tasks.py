"""What an executor can be asked to do, and what it answers."""

from pathlib import Path
from typing import Any, Literal

import msgspec

from server.contract.base import Model, ParamValue
from server.contract.catalogue import CashFlowKind, DatasetInfo, DatasetKind
from server.contract.identity import family_of
from server.contract.results import Metrics
from server.contract.run import Mode
from server.engine.settings import EngineSettings
from server.optimization.leaders import Ranked
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.strategies.source import FoundStrategy, StrategySource


class Feed(Model, frozen=True, kw_only=True):
    """Cash flows of a slice's asset: a data set that is none of bars, whose files are in `directory`."""

    kind: CashFlowKind
    dataset: DatasetInfo
    directory: str


class DataSlice(Model, frozen=True, kw_only=True):
    """Rows `[first_row, stop_row)` of one data set, whose files are in `directory`; `feeds` go with them."""

    dataset: DatasetInfo
    directory: str
    first_row: int
    stop_row: int
    feeds: list[Feed] = []

    @property
    def rows(self) -> int:
        """How many bars it has."""
        return self.stop_row - self.first_row


class Market(Model, frozen=True, kw_only=True):
    """A value of the axis of data sets: what its trials read, and what trialKeys of theirs hash as `identity`."""

    name: str
    data: list[DataSlice]
    identity: dict[str, Any]

    @property
    def bars(self) -> int:
        """Bars of one pass over all series."""
        return sum(part.rows for part in self.data)


class Job(Model, frozen=True, kw_only=True):
    """What backtests and chunks of trials share; `identity` is hashed with the parameters into trialKeys."""

    run_key: str
    attempt: int
    strategy: StrategySource
    data: list[DataSlice]
    settings: EngineSettings
    start_ms: int
    end_ms: int
    identity: dict[str, Any]

    @property
    def family(self) -> str:
        """The family of its trialKeys."""
        return family_of(self.strategy.name, self.strategy.version, self.start_ms, self.end_ms, self.identity)


class BacktestTask(Job, frozen=True, kw_only=True, tag="backtest"):
    """Run one backtest; its files go to `result_dir`, which exists. `settings_sent` is echoed in the result."""

    parameters: dict[str, ParamValue]
    result_dir: str
    settings_sent: dict[str, Any]
    started_ms: int

    @property
    def live_curve(self) -> Path:
        """Where the equity curve grows while the task runs; gone once it ended."""
        return Path(self.result_dir) / "equity.live.npy"

    @property
    def live_log(self) -> Path:
        """Where the event log grows while the task runs; gone once it ended."""
        return Path(self.result_dir) / "events.live.ndjson"

    @property
    def live_plots(self) -> Path:
        """Where what the strategy plots grows while the task runs; gone once it ended."""
        return Path(self.result_dir) / "plots.live.npy"


class CurveWanted(Model, frozen=True, kw_only=True):
    """A trial of which a curve is to be kept."""

    trial_key: str
    parameters: dict[str, ParamValue]


class SweepJob(Job, frozen=True, kw_only=True):
    """What tasks of a sweep share.

    `markets`: where data sets are an axis, all of them; `data` and `identity` are those of the first then.
    """

    markets: list[Market] = []
    trial_timeout_s: float | None = None

    def of_market(self, market: Market) -> Job:
        """The job of the trials of one data set."""
        return msgspec.structs.replace(self, data=market.data, identity=market.identity, markets=[])


class TrialsTask(SweepJob, frozen=True, kw_only=True, tag="trials"):
    """Run the trials `[first, stop)` of a sweep; their columns go to the file `chunk_path`.

    `numbers`: what they are called there, None: the same. `picks`: the set of the space that each of them is, None
    where it is the set of its number.
    """

    space: Space
    first: int
    stop: int
    numbers: list[int] | None
    picks: list[int] | None
    chunk_path: str
    ranking: Ranking


class CurvesTask(SweepJob, frozen=True, kw_only=True, tag="curves"):
    """Run these trials once more, one after the other, and keep a thinned equity curve of each in `result_dir`.

    None is begun that would likely take the task over `budget_s`, but the first is.
    """

    trials: list[CurveWanted]
    result_dir: str
    budget_s: float


class CalibrateTask(Job, frozen=True, kw_only=True, tag="calibrate"):
    """Find out how fast the trials of these sets of parameters go, within a fraction of a second."""

    sets: list[dict[str, ParamValue]]


class GroupTask(Model, frozen=True, kw_only=True, tag="group"):
    """Group the sets of a space that satisfy the conditions by what the strategy's `normalize` makes of them.

    `path`: where the groups go (server.optimization.equivalents).
    """

    strategy: StrategySource
    space: Space
    conditions: list[str]
    path: str


class CountTask(Model, frozen=True, kw_only=True, tag="count"):
    """Count those groups, within `budget_s` or roughly; of a space that is not to be laid out only `sample` sets."""

    strategy: StrategySource
    space: Space
    conditions: list[str]
    budget_s: float
    sample: int | None = None


class InspectTask(Model, frozen=True, kw_only=True, tag="inspect"):
    """Import every strategy file of `folders`, describe what is in it, freeze it under `frozen_root`.

    `only`: the name of the one file of the folders that is looked at; the shipped ones always are.
    """

    folders: list[str]
    frozen_root: str
    only: str | None = None


class ImportTask(Model, frozen=True, kw_only=True, tag="import"):
    """Turn the uploaded file `path` into a data set version staged in the catalogue at `catalogue_root`.

    Cash flows have no time frame and no sizes.
    """

    path: str
    catalogue_root: str
    media_type: str
    asset_name: str
    exchange: str
    time_frame: str
    kind: DatasetKind = "bars"
    tick_size: str | None = None
    lot_size: str | None = None
    quote: str | None = None
    multiplier: str | None = None
    source: str = ""
    synthetic: bool = False
    quarantine: bool = False


class ResampleTask(Model, frozen=True, kw_only=True, tag="resample"):
    """Make a data set version of a longer `time_frame` from the one `source_id`; answered as an import is."""

    catalogue_root: str
    source_id: str
    time_frame: str


class PrepareTask(Model, frozen=True, kw_only=True, tag="prepare"):
    """Make the compiler ready in this worker's folder for machine code."""


Task = (
    BacktestTask
    | TrialsTask
    | CurvesTask
    | CalibrateTask
    | GroupTask
    | CountTask
    | InspectTask
    | ImportTask
    | ResampleTask
    | PrepareTask
)


class BacktestDone(Model, frozen=True, kw_only=True, tag="backtestDone"):
    """The files are in place; `result.json` holds the whole result."""

    mode: Mode
    metrics: Metrics
    total_bars: int


class TrialsDone(Model, frozen=True, kw_only=True, tag="trialsDone"):
    """The chunk file is in place. `top`: its best trials; `reused` ones were the same work as others.

    `cancelled`: the chunk stopped early, and its file holds the `completed + failed` trials that were finished.
    """

    completed: int
    failed: int
    filtered: int = 0
    reused: int = 0
    bars: int
    top: list[Ranked]
    failures: dict[str, int]
    last_error: str | None
    cancelled: bool = False
    mode: Mode = "interpreted"
    failure_examples: dict[str, str] = {}
    """The trialKey of one trial for each message of `failures`."""
    example_trace: str | None = None
    """The stack trace of one of them."""
    interpreted: dict[str, int] = {}
    """How many trials were to be compiled and were not, by why."""


class CurvesDone(Model, frozen=True, kw_only=True, tag="curvesDone"):
    """So many curves were kept."""

    kept: int


class CalibrateDone(Model, frozen=True, kw_only=True, tag="calibrateDone"):
    """A worker plays `bars` in so many `seconds`, once the strategy is compiled."""

    bars: int
    seconds: float


class GroupDone(Model, frozen=True, kw_only=True, tag="groupDone"):
    """The file is in place."""


class CountDone(Model, frozen=True, kw_only=True, tag="countDone"):
    """There are `groups` among so many `sets`; not `exact`: estimated."""

    sets: int
    groups: int
    exact: bool


class InspectDone(Model, frozen=True, kw_only=True, tag="inspectDone"):
    """Everything found, broken files included."""

    strategies: list[FoundStrategy]


class ImportDone(Model, frozen=True, kw_only=True, tag="importDone"):
    """The data set stands in the catalogue; `created` False when the same content was there already."""

    dataset: DatasetInfo
    created: bool


class PrepareDone(Model, frozen=True, kw_only=True, tag="prepareDone"):
    """Strategies can be compiled."""


class TaskFailed(Model, frozen=True, kw_only=True, tag="failed"):
    """The task ended without a result. `refused`: the user's input was wrong, `code` says how."""

    cause: Literal["raised", "died", "timeout", "memory", "cancelled", "refused"]
    message: str
    stack_trace: str | None = None
    code: str | None = None
    errors: list[tuple[str, str]] = []


Outcome = (
    BacktestDone
    | TrialsDone
    | CurvesDone
    | CalibrateDone
    | GroupDone
    | CountDone
    | InspectDone
    | ImportDone
    | PrepareDone
    | TaskFailed
)
