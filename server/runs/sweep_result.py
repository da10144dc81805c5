"""Makes the result of a sweep of what its trials have come to."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from server.contract.base import format_instant
from server.contract.problems import ForgeError
from server.contract.results import DataUsed, OptimizationResult, Robustness, WalkForwardResult
from server.engine.settings import ENGINE_VERSION
from server.execution.data_used import data_used, warnings_about
from server.execution.tasks import DataSlice
from server.optimization.objectives import front, objective_values
from server.runs.live_run import now_ms
from server.runs.robust import robustness_of
from server.runs.sweep_messages import SweepPlan
from server.runs.sweep_totals import SweepTotals
from server.runs.walk_forward import WalkForward
from server.store.trial_files import chunk_paths, read_chunk
from server.store.trial_set import TrialSet

_GROUPS_LIMIT: Final = 100
_FRONT_LIMIT: Final = 1_000


class SweepReport:
    """Gathers what a result has to tell besides its trials."""

    def __init__(self, plan: SweepPlan) -> None:
        """Reads what data the sweep begins with: a data set may be deleted while it goes on."""
        self._plan = plan
        self._data: list[DataUsed] = []
        self.warnings: list[str] = []
        with suppress(OSError, ValueError):  # what is not there any more is told by the first chunk that wants it
            for data in _series(plan):
                self._data += data_used(data, plan.start_ms, plan.end_ms)
                self.warnings += warnings_about(data, plan.start_ms, plan.end_ms)

    def result(self, totals: SweepTotals, walk: WalkForward | None, about_closing: list[str]) -> OptimizationResult:
        """The result, once every trial has ended or is skipped. It reads the files of all trials."""
        plan, standing = self._plan, totals.standing
        robustness, walked = self._robustness(totals, walk), self._walked(walk)
        ended_ms = now_ms()
        return OptimizationResult(
            run_key=plan.run_key,
            attempt=plan.attempt,
            strategy_name=plan.strategy.name,
            strategy_version=plan.strategy.version,
            source_hash=plan.strategy.source_hash,
            engine_version=ENGINE_VERSION,
            mode=totals.mode,
            settings=plan.settings_sent,
            data=self._data,
            started_at=format_instant(plan.started_ms),
            completed_at=format_instant(ended_ms),
            duration_ms=ended_ms - plan.started_ms,
            simulate_ms=round(totals.simulated_s * 1000, 3),
            total_bars=standing.bars,
            warnings=[*self.warnings, *totals.why_interpreted(), *about_closing],
            rejected_orders=0,
            has_event_log=False,
            axes=msgspec.to_builtins(plan.axes),
            method=plan.method,
            seed=plan.seed,
            sort_by=plan.ranking.sort_by,
            total_combinations=plan.total,
            completed=standing.completed,
            failed=standing.failed,
            skipped=plan.total - totals.ended,
            filtered=standing.filtered,
            reused=standing.reused,
            best=standing.best,
            pareto_front=self._pareto_front(),
            robustness=robustness,
            walk_forward=walked,
            failures=totals.failures()[:_GROUPS_LIMIT],
            trials_total=totals.ended,
        )

    def _pareto_front(self) -> list[str] | None:
        plan = self._plan
        if not plan.objectives:
            return None
        trials = TrialSet([read_chunk(path) for path in chunk_paths(Path(plan.result_dir))])
        metrics = np.concatenate([chunk.metrics for chunk in trials.chunks])
        best = front(objective_values(metrics, plan.objectives, plan.ranking), plan.objectives)
        return [key.decode() for key in trials.column("trialKey")[best][:_FRONT_LIMIT].tolist()]

    def _walked(self, walk: WalkForward | None) -> WalkForwardResult | None:
        if walk is None:
            return None
        try:
            return walk.result()
        except (OSError, ValueError) as error:  # the bars may have been deleted meanwhile
            self.warnings.append(f"what the windows came to together cannot be told: {error}")
            return None
        finally:
            walk.clear()

    def _robustness(self, totals: SweepTotals, walk: WalkForward | None) -> Robustness | None:
        plan = self._plan
        if walk is not None:
            return None  # the same set is a trial of every window: there is no one neighbourhood
        try:
            return robustness_of(
                Path(plan.result_dir),
                totals.standing.top,
                ranking=plan.ranking,
                space=plan.space,
                mains={market.name: market.data[0] for market in plan.markets} or {"": plan.data[0]},
            )
        except (ForgeError, OSError) as error:  # the bars may have been deleted meanwhile
            self.warnings.append(f"how robust the best trials are cannot be told: {error}")
            return None


def _series(plan: SweepPlan) -> list[list[DataSlice]]:
    """The series of a trial, for each data set where these are an axis."""
    return [market.data for market in plan.markets] or [plan.data]
