"""What the owner and a sweep's coordinator tell each other."""

from typing import Any

import msgspec

from server.contract.base import ParamValue
from server.contract.requests import Axis, Objective, StopRules
from server.contract.run import Leader
from server.execution.tasks import BacktestDone, CurvesDone, CurveWanted, DataSlice, Market, TaskFailed, TrialsDone
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.runs.chunks import TARGET_S
from server.runs.earlier import Earlier
from server.runs.windows import Windows
from server.strategies.source import StrategySource


class SweepPlan(msgspec.Struct, frozen=True, kw_only=True, tag="plan"):
    """All that a coordinator needs: the first message to it.

    Trials are taken over from the attempts `earlier`, by their family: the one of the sweep, or those of the `markets`
    where data sets are an axis or of the `windows` in sample, in order. `groups`: the file of groups of equivalent
    sets, where there may be such. Of the `keep_curves` best ones a curve is kept.
    """

    run_key: str
    attempt: int
    total: int
    bars_per_trial: int
    ranking: Ranking
    method: str
    seed: int
    stop_rules: StopRules = StopRules()
    objectives: list[Objective] = []
    axes: dict[str, Axis]
    space: Space
    conditions: list[str] = []
    slots: int
    chunk_s: float = TARGET_S
    result_dir: str
    earlier: dict[str, list[Earlier]]
    markets: list[Market] = []
    groups: str | None = None
    strategy: StrategySource
    data: list[DataSlice]
    settings_sent: dict[str, Any]
    start_ms: int
    end_ms: int
    identity: dict[str, Any]
    started_ms: int
    trial_timeout_s: float | None = None
    keep_curves: int = 0
    windows: Windows | None = None


class ChunkEnded(msgspec.Struct, frozen=True, kw_only=True, tag="ended"):
    """A chunk or a window was run, or curves were kept, or the task failed."""

    first: int
    stop: int
    elapsed_s: float
    outcome: TrialsDone | CurvesDone | BacktestDone | TaskFailed


class StopSweep(msgspec.Struct, frozen=True, kw_only=True, tag="stop"):
    """No chunk is under way any more: end with what is finished."""


class TimeOver(msgspec.Struct, frozen=True, kw_only=True, tag="time"):
    """The sweep has had its time: hand out no more, and end when what is under way has."""


class Resized(msgspec.Struct, frozen=True, kw_only=True, tag="resized"):
    """There are so many workers now."""

    slots: int


class RunChunk(msgspec.Struct, frozen=True, kw_only=True, tag="run"):
    """Asks the owner to run the trials `[first, stop)` of those that were open at the start.

    In the sweep they have the `numbers`, None: the same ones. They are the sets `picks` of the space, None: those of
    their numbers. `window`: in whose part in sample they run, None: over the whole period.
    """

    first: int
    stop: int
    numbers: list[int] | None = None
    picks: list[int] | None = None
    window: int | None = None


class KeepCurves(msgspec.Struct, frozen=True, kw_only=True, tag="curves"):
    """Asks the owner to run these trials again for their curves: the part `[first, stop)` of them all."""

    first: int
    stop: int
    trials: list[CurveWanted]
    budget_s: float


class RunWindow(msgspec.Struct, frozen=True, kw_only=True, tag="window"):
    """Asks the owner to run the parameters that window `first` chose, out of sample; the files go to `result_dir`."""

    first: int
    stop: int
    parameters: dict[str, ParamValue]
    result_dir: str


class Standing(msgspec.Struct, frozen=True, kw_only=True, tag="standing"):
    """What the finished chunks amount to; counts include the reused trials."""

    completed: int = 0
    failed: int = 0
    filtered: int = 0
    reused: int = 0
    bars: int = 0
    best: Leader | None = None
    top: list[Leader] = []
    stagnation: int = 0
    last_error: str | None = None


class SweepEnded(msgspec.Struct, frozen=True, kw_only=True, tag="done"):
    """The last message. `complete`: every trial is accounted for and the result file is written; `all_failed`
    tells why when not one trial completed, `stop_reason` why some were `skipped`."""

    standing: Standing
    complete: bool
    skipped: int = 0
    stop_reason: str | None = None
    all_failed: str | None = None
    example_trace: str | None = None


ToCoordinator = SweepPlan | ChunkEnded | StopSweep | TimeOver | Resized
FromCoordinator = RunChunk | KeepCurves | RunWindow | Standing | SweepEnded
