"""Leads a sweep through its windows: what each of them runs, and what that comes to out of sample."""

import shutil
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from server.contract.base import Model, format_instant
from server.contract.results import Equity, Metrics, WalkForwardResult, WalkForwardWindow
from server.data.bars import open_bars
from server.engine.tables import EQUITY_DTYPE, map_rows
from server.engine.thinning import Curve, downsample
from server.execution.tasks import BacktestDone, TaskFailed
from server.optimization.walk_forward import Earned, efficiency, measure_stitched, stitch
from server.runs.chunks import DEATHS_TO_FAIL, Range
from server.runs.sweep_messages import ChunkEnded, RunChunk, RunWindow, SweepPlan
from server.runs.window_choices import Choice, choose
from server.runs.windows import Windows
from server.store.trial_files import chunk_paths, read_chunk

_CURVE_POINTS: Final = 2_000


class _Judged(Model, frozen=True, kw_only=True):
    """Of the result of a backtest what a window tells; the other fields are passed over."""

    trial_key: str
    metrics: Metrics


class WalkForward:
    """The windows of one sweep; the trials of each follow those of the one before it."""

    def __init__(self, plan: SweepPlan, walk: Windows) -> None:
        self._plan = plan
        self._windows = walk.windows
        self._sets = plan.total // len(walk.windows)
        self._ranking = msgspec.structs.replace(plan.ranking, sort_by=walk.objective)
        self._choices: dict[int, Choice] = {}
        self._deaths: dict[int, int] = {}
        self._judged: dict[int, _Judged] = {}
        self._warnings: list[str] = []

    def chunk(self, part: Range, numbers: list[int] | None, picks: list[int] | None) -> RunChunk:
        """The chunk of trials that are all of one window; `picks` as the agenda numbers them (see `agenda_of`)."""
        called = list(range(part.first, part.stop)) if numbers is None else numbers
        return RunChunk(
            first=part.first,
            stop=part.stop,
            numbers=numbers,
            picks=[pick % self._plan.space.size for pick in (called if picks is None else picks)],
            window=called[0] // self._sets,
        )

    def plan_of(self, number: int) -> SweepPlan:
        """The plan of the window that a trial is of, as if it was the whole sweep."""
        period = self._windows[number // self._sets].in_sample
        return msgspec.structs.replace(
            self._plan, start_ms=period.start_ms, end_ms=period.end_ms, data=period.of(self._plan.data)
        )

    # once all trials have ended: as of closing.Closing

    def begin(self, worked_s: float) -> list[RunWindow]:
        """What each window chose is to be run out of sample; ForgeError where a file of trials cannot be read."""
        chunks = (read_chunk(path) for path in chunk_paths(Path(self._plan.result_dir)))
        self._choices = choose(chunks, self._ranking, self._sets)
        return [self._run(window) for window in sorted(self._choices)]

    def took(self, message: ChunkEnded) -> list[RunWindow]:
        """Takes the run of a window out of sample into account; asks again for what was no fault of the strategy."""
        window = message.first
        match message.outcome:
            case BacktestDone():
                result = (self._folder(window) / "result.json").read_bytes()
                self._judged[window] = msgspec.json.decode(result, type=_Judged)
                return []
            case TaskFailed(cause="cancelled"):
                return [self._run(window)]  # who cancelled it runs no more: the sweep is about to be stopped
            case TaskFailed(cause="died" | "memory") if self._died(window) < DEATHS_TO_FAIL:
                return [self._run(window)]
            case TaskFailed(message=why):
                self._warnings.append(f"window {window + 1} could not be run out of sample: {why}")
                return []
        raise AssertionError(f"a window answered {message.outcome!r}")

    def warnings(self) -> list[str]:
        """Which windows could not be judged, and why."""
        nothing = [number + 1 for number in range(len(self._windows)) if number not in self._choices]
        chose_none = f"no trial could be chosen in the windows {', '.join(map(str, nothing))}"
        return [*self._warnings, *([chose_none] if nothing else [])]

    # the result

    def result(self) -> WalkForwardResult:
        """All windows; OSError or ValueError where the bars are gone."""
        in_sample = [self._promised(window) for window in self._judged]
        out_of_sample = [self._kept(window) for window in self._judged]
        curve = self._stitched() if self._judged else None
        settings, judged = self._plan.settings_sent, [one.metrics for one in self._judged.values()]
        return WalkForwardResult(
            windows=[self._window(number) for number in range(len(self._windows))],
            efficiency=efficiency(in_sample, out_of_sample),
            metrics=None
            if curve is None
            else measure_stitched(
                curve,
                settings["initialCash"],
                settings["riskFreeRate"],
                trades=sum(metrics.total_trades for metrics in judged),
                fills=sum(metrics.total_fills for metrics in judged),
            ),
            equity=None
            if curve is None
            else Equity(points=downsample(curve, _CURVE_POINTS).tolist(), total=len(curve)),
        )

    def clear(self) -> None:
        """Deletes the files of the runs out of sample, of which the result tells."""
        for window in self._choices:
            shutil.rmtree(self._folder(window), ignore_errors=True)

    def _run(self, window: int) -> RunWindow:
        folder = self._folder(window)
        folder.mkdir(exist_ok=True)
        return RunWindow(
            first=window, stop=window + 1, parameters=self._choices[window].parameters, result_dir=str(folder)
        )

    def _folder(self, window: int) -> Path:
        return Path(self._plan.result_dir) / f"window-{window:04d}"

    def _died(self, window: int) -> int:
        self._deaths[window] = self._deaths.get(window, 0) + 1
        return self._deaths[window]

    def _promised(self, window: int) -> Earned:
        return Earned(self._choices[window].profit, self._windows[window].in_sample.bars)

    def _kept(self, window: int) -> Earned:
        return Earned(self._judged[window].metrics.net_profit, self._windows[window].out_of_sample.bars)

    def _window(self, number: int) -> WalkForwardWindow:
        window = self._windows[number]
        choice, judged = self._choices.get(number), self._judged.get(number)
        return WalkForwardWindow(
            index=number,
            in_sample_start=format_instant(window.in_sample.start_ms),
            in_sample_end=format_instant(window.in_sample.end_ms),
            out_of_sample_start=format_instant(window.out_of_sample.start_ms),
            out_of_sample_end=format_instant(window.out_of_sample.end_ms),
            parameters=None if choice is None else choice.parameters,
            trial_key=None if judged is None else judged.trial_key,
            in_sample_value=None if choice is None else choice.value,
            out_of_sample_value=None if judged is None else self._ranking.value(judged.metrics),
            efficiency=None if judged is None else efficiency([self._promised(number)], [self._kept(number)]),
            metrics=None if judged is None else judged.metrics,
        )

    def _stitched(self) -> Curve:
        cash = self._plan.settings_sent["initialCash"]
        return stitch([self._curve(window, cash) for window in range(len(self._windows))], cash)

    def _curve(self, window: int, cash: float) -> Curve:
        """The curve of a window out of sample; nothing is traded where nothing was judged."""
        if window in self._judged:
            return map_rows(self._folder(window) / "equity.npy")
        first, stop = self._windows[window].out_of_sample.rows[0]
        flat = np.zeros(stop - first, dtype=EQUITY_DTYPE)
        flat["ts"] = open_bars(Path(self._plan.data[0].directory))[0, first:stop]
        flat["equity"] = cash
        return flat
