"""Runs the trials of a chunk one after the other."""

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from server.contract.base import ParamValue
from server.contract.results import Metrics
from server.contract.run import Leader, Mode
from server.engine.outcome import EngineResult
from server.engine.progress import Progress
from server.optimization.leaders import Leaderboard, Ranked
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.optimization.time_limit import TimeLimitExceeded, within
from server.optimization.trial_table import EndedTrial, TrialFailure, TrialTable

TOGETHER_S: Final = 0.005
"""Trials simulated together take about this long: a cancel is seen between two calls."""
_MOST_TOGETHER: Final = 256
LONGEST_S: Final = 1.0
"""A chunk ends with the trial that takes it over this: its worker must not be lost to all others for longer."""
_AT_BAR: Final = re.compile(r" \(at bar \d+\)$")
"""Where in one trial machine code gave up; the others gave up for the same reason elsewhere."""


class Figures(Protocol):
    """What a trial came to that was simulated with others; `bars` of all series, none of one that is `repeated`: the
    same work as one before.
    """

    @property
    def key(self) -> str: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def bars(self) -> int: ...
    @property
    def repeated(self) -> bool: ...


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

    def simulate_together(self, sets: Sequence[Mapping[str, ParamValue]]) -> Sequence[Figures]:
        """The figures of as many sets from the first on as are simulated faster together; the next is for `simulate`.

        They are the same either way.
        """
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
    """Which trials, how they are ranked, and how much time each may take.

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
    def ranking(self) -> Ranking: ...
    @property
    def trial_timeout_s(self) -> float | None: ...


@dataclass
class ChunkResult:
    """What a chunk came to. `reused` trials were the same work as others in it; `failures` counts by message,
    `examples` has a trialKey for each of them; `interpreted` counts the trials that were to be compiled by why they
    were not.
    """

    table: TrialTable
    completed: int = 0
    failed: int = 0
    filtered: int = 0
    reused: int = 0
    bars: int = 0
    top: list[Ranked] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)
    last_error: str | None = None
    example_trace: str | None = None
    interpreted: dict[str, int] = field(default_factory=dict)
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
    it has taken so long that the rest is better handed out again; what costs nothing more still goes.

    A trial that raises, whatever it raises, is a failed one with what `explain` makes of the error, one that takes too
    long a timed-out one; the trial under way when the chunk is cancelled is none. Only `explain` may raise.
    """
    chunk = _Chunk(order, simulator, table, progress, explain)
    end = math.inf
    place, places = 0, order.stop - order.first
    while place < places and (time.monotonic() < end or chunk.repeats(place)):
        if progress.cancelled():
            chunk.result.cancelled = True
            break
        if together := chunk.run_together(place):
            place += together
            continue
        if not chunk.run(place):
            chunk.result.cancelled = True
            break
        if place == 0:
            end = time.monotonic() + LONGEST_S  # from here on: the first trial may have had its strategy compiled
        place += 1
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
        self._many = 1
        self._before: EndedTrial | None = None
        self.leaders = Leaderboard(order.ranking.sort_by)

    def advance(self, bars: int, bar_time_ms: int, equity: float) -> None:
        """Shows the bars of the trial under way with those before."""
        result = self.result
        self._progress.count_trials(result.completed, result.failed, result.bars + bars)

    def cancelled(self) -> bool:
        """Whether the chunk is to stop."""
        return self._progress.cancelled()

    def repeats(self, place: int) -> bool:
        """Whether a trial is the same work as the one before; what `normalize` raises is left to `run`."""
        if self._before is None:
            return False
        parameters = self._parameters(place)
        try:
            key = within(self._order.trial_timeout_s, lambda: self._simulator.trial_key(parameters))
        except BaseException:  # noqa: BLE001  # user code raises what it likes, sys.exit included
            return False
        return key == self._before.trial_key

    def run_together(self, first: int) -> int:
        """Runs as many trials from a place on as take about TOGETHER_S; how many of them ended, each completed."""
        order = self._order
        stop = min(first + self._many, order.stop - order.first)
        if stop - first < 2:
            return 0
        sets = [self._parameters(place) for place in range(first, stop)]
        began = time.perf_counter()
        try:
            figures = within(self._order.trial_timeout_s, lambda: self._simulator.simulate_together(sets))
        except TimeLimitExceeded:
            return 0
        took_ms = _ms(began) / max(len(figures), 1)
        for number, (parameters, one) in enumerate(zip(sets, figures, strict=False)):
            index = self._index(first + number)
            self._complete(index, one.key, parameters, one.metrics, one.bars, took_ms, reused=one.repeated)
        if figures:
            self.result.mode = "compiled"
            self._many = max(1, min(int(TOGETHER_S * 1000 / took_ms), 2 * self._many, _MOST_TOGETHER))
            self.advance(0, 0, 0.0)
        return len(figures)

    def _index(self, place: int) -> int:
        order = self._order
        return order.first + place if order.numbers is None else order.numbers[place]

    def _parameters(self, place: int) -> dict[str, ParamValue]:
        order = self._order
        return order.space.at(self._index(place) if order.picks is None else order.picks[place])

    def run(self, place: int) -> bool:
        """Runs one trial, unless it is the same work as the one before; False when it was cancelled."""
        index, parameters = self._index(place), self._parameters(place)
        began = time.perf_counter()
        key: str | None = None

        def simulate() -> EngineResult | EndedTrial:
            nonlocal key
            key = self._simulator.trial_key(parameters)
            if self._before is not None and self._before.trial_key == key:
                return self._before
            return self._simulator.simulate(key, parameters, self)

        try:
            ended = within(self._order.trial_timeout_s, simulate)
        except TimeLimitExceeded:
            failure = TrialFailure(f"ran longer than its time of {self._order.trial_timeout_s:g} s")
            trial = EndedTrial(
                index, key or self._simulator.key_of(parameters), parameters, "TimedOut", _ms(began), failure=failure
            )
            self._fail(trial, failure)
            self._before = trial if key else None
        except BaseException as error:  # noqa: BLE001  # user code raises what it likes, sys.exit included
            failure = self._explain(error)
            trial = EndedTrial(
                index, key or self._simulator.key_of(parameters), parameters, "Failed", _ms(began), failure=failure
            )
            self._fail(trial, failure)
            self._before = trial if key else None
        else:
            if isinstance(ended, EndedTrial):
                self._repeat(ended, index, parameters)
                return True
            if ended.status == "cancelled":
                return False
            assert key is not None
            took_ms = _ms(began)
            self._complete(index, key, parameters, ended.metrics, ended.bars, took_ms)
            self._note_mode(ended)
            if ended.mode == "compiled":
                self._many = max(1, min(int(TOGETHER_S * 1000 / took_ms), 2 * self._many))
        self.advance(0, 0, 0.0)
        return True

    def _repeat(self, before: EndedTrial, index: int, parameters: dict[str, ParamValue]) -> None:
        """Ends a trial as the one before ended."""
        if before.metrics is not None:
            self._complete(index, before.trial_key, parameters, before.metrics, 0, 0.0, reused=True)
        else:
            assert before.failure is not None
            trial = replace(before, index=index, parameters=parameters, duration_ms=0.0, reused=True)
            self.result.reused += 1
            self._fail(trial, before.failure)
        self.advance(0, 0, 0.0)

    def _complete(
        self,
        index: int,
        key: str,
        parameters: dict[str, ParamValue],
        metrics: Metrics,
        bars: int,
        duration_ms: float,
        *,
        reused: bool = False,
    ) -> None:
        result = self.result
        result.completed += 1
        result.reused += reused
        result.bars += bars
        ranking = self._order.ranking
        fitness = ranking.fitness(metrics)
        trial = EndedTrial(index, key, parameters, "Completed", duration_ms, metrics, fitness, reused=reused)
        result.table.add(trial)
        self._before = trial
        if not ranking.passes(metrics):
            result.filtered += 1
            return
        value = ranking.value(metrics)
        self.leaders.offer(Ranked(index, Leader(trial_key=key, parameters=parameters, value=value)))

    def _note_mode(self, ended: EngineResult) -> None:
        result = self.result
        result.mode = ended.mode
        if ended.why_interpreted is not None:
            why = _AT_BAR.sub("", ended.why_interpreted)
            result.interpreted[why] = result.interpreted.get(why, 0) + 1

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
