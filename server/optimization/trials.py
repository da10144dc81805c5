"""Runs the trials of a chunk one after the other."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from server.contract.base import ParamValue
from server.contract.run import Leader, Mode
from server.engine.outcome import EngineResult
from server.engine.progress import Progress
from server.optimization.leaders import FITNESS, Leaderboard, Ranked, metric_of
from server.optimization.space import Space
from server.optimization.time_limit import TimeLimitExceeded, within
from server.optimization.trial_table import EndedTrial, TrialFailure, TrialTable

LONGEST_S: Final = 1.0
"""A chunk ends with the trial that takes it over this: its worker must not be lost to all others for longer."""


class Simulator(Protocol):
    """Runs one set of parameters."""

    def trial_key(self, parameters: Mapping[str, ParamValue]) -> str:
        """The trialKey after the strategy's `normalize`, which may raise."""
        ...

    def key_of(self, parameters: Mapping[str, ParamValue]) -> str:
        """The trialKey of the parameters as they stand."""
        ...

    def simulate(self, key: str, parameters: Mapping[str, ParamValue], progress: Progress) -> EngineResult:
        """The result of the parameters whose trialKey is `key`; raises what the strategy raises."""
        ...


class ChunkProgress(Protocol):
    """Where a chunk shows how far it is, and sees that it is to stop."""

    def count_trials(self, processed: int, failed: int, bars: int) -> None:
        """Trials completed and failed, bars of all of them and of the one under way."""
        ...

    def cancelled(self) -> bool:
        """Whether the chunk is to stop."""
        ...


class ChunkOrder(Protocol):
    """Which trials, ranked by which metric, with how much time each.

    `numbers`: what the trials `[first, stop)` are called, None: the same. `picks`: the set of the space that each
    trial is, None where it is the set of its number.
    """

    @property
    def space(self) -> Space: ...
    @property
    def first(self) -> int: ...
    @property
    def stop(self) -> int: ...
    @property
    def numbers(self) -> list[int] | None: ...
    @property
    def picks(self) -> list[int] | None: ...
    @property
    def sort_by(self) -> str: ...
    @property
    def trial_timeout_s(self) -> float | None: ...


@dataclass
class ChunkResult:
    """What a chunk came to. `failures` counts by message, `examples` has a trialKey for each of them."""

    table: TrialTable
    completed: int = 0
    failed: int = 0
    bars: int = 0
    top: list[Ranked] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    last_error: str | None = None
    example_trace: str | None = None
    mode: Mode = "interpreted"
    cancelled: bool = False


def run_trials(
    order: ChunkOrder,
    simulator: Simulator,
    table: TrialTable,
    progress: ChunkProgress,
    explain: Callable[[BaseException], TrialFailure],
) -> ChunkResult:
    """Runs the trials `[first, stop)` of the order into `table`, until the end, until it is cancelled or until
    it has taken so long that the rest is better handed out again.

    A trial that raises, whatever it raises, is a failed one with what `explain` makes of the error, one that takes too
    long a timed-out one; the trial under way when the chunk is cancelled is none. Only `explain` may raise.
    """
    chunk = _Chunk(order, simulator, table, progress, explain)
    end = math.inf
    for place in range(order.stop - order.first):
        if progress.cancelled() or not chunk.run(place):
            chunk.result.cancelled = True
            break
        if time.monotonic() > end:
            break
        if place == 0:
            end = time.monotonic() + LONGEST_S  # from here on: the first trial may have had its strategy compiled
    chunk.result.top = chunk.leaders.top
    return chunk.result


class _Chunk:
    """The state of a chunk between trials; the progress of the trial under way."""

    def __init__(
        self,
        order: ChunkOrder,
        simulator: Simulator,
        table: TrialTable,
        progress: ChunkProgress,
        explain: Callable[[BaseException], TrialFailure],
    ) -> None:
        self._order = order
        self._simulator = simulator
        self._progress = progress
        self._explain = explain
        self.result = ChunkResult(table)
        self.leaders = Leaderboard(order.sort_by)

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """Shows the bars of the trial under way with those before."""
        result = self.result
        self._progress.count_trials(result.completed, result.failed, result.bars + bars)

    def cancelled(self) -> bool:
        """Whether the chunk is to stop."""
        return self._progress.cancelled()

    def run(self, place: int) -> bool:
        """Runs one trial; False when it was cancelled."""
        order = self._order
        index = order.first + place if order.numbers is None else order.numbers[place]
        parameters = order.space.at(index if order.picks is None else order.picks[place])
        began = time.perf_counter()
        key: str | None = None

        def simulate() -> EngineResult:
            nonlocal key
            key = self._simulator.trial_key(parameters)
            return self._simulator.simulate(key, parameters, self)

        try:
            ended = within(self._order.trial_timeout_s, simulate)
        except TimeLimitExceeded:
            failure = TrialFailure(f"ran longer than its time of {self._order.trial_timeout_s:g} s")
            trial = EndedTrial(
                index, key or self._simulator.key_of(parameters), parameters, "TimedOut", _ms(began), failure=failure
            )
            self._fail(trial, failure)
        except BaseException as error:  # noqa: BLE001  # user code raises what it likes, sys.exit included
            failure = self._explain(error)
            trial = EndedTrial(
                index, key or self._simulator.key_of(parameters), parameters, "Failed", _ms(began), failure=failure
            )
            self._fail(trial, failure)
        else:
            if ended.status == "cancelled":
                return False
            assert key is not None
            self._complete(index, key, parameters, ended, _ms(began))
        self.advance(0, 0, 0.0)
        return True

    def _complete(
        self, index: int, key: str, parameters: dict[str, ParamValue], ended: EngineResult, duration_ms: float
    ) -> None:
        result, metrics = self.result, ended.metrics
        result.completed += 1
        result.bars += ended.bars
        result.mode = ended.mode
        fitness = metric_of(metrics, FITNESS)
        result.table.add(EndedTrial(index, key, parameters, "Completed", duration_ms, metrics, fitness))
        value = metric_of(metrics, self._order.sort_by)
        self.leaders.offer(Ranked(index, Leader(trial_key=key, parameters=parameters, value=value)))

    def _fail(self, trial: EndedTrial, failure: TrialFailure) -> None:
        result = self.result
        result.failed += 1
        result.table.add(trial)
        result.failures[failure.message] = result.failures.get(failure.message, 0) + 1
        result.examples.setdefault(failure.message, trial.trial_key)
        result.last_error = failure.message
        result.example_trace = result.example_trace or failure.stack_trace


def _ms(began: float) -> float:
    return (time.perf_counter() - began) * 1000.0
