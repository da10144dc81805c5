"""What a sweep of several windows runs, chooses and makes of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec import structs

from server.contract.identity import trial_key
from server.contract.requests import Filters
from server.contract.results import METRIC_NAMES, Metrics, WalkForwardResult
from server.engine.tables import EQUITY_DTYPE, write_rows
from server.execution.tasks import BacktestDone, TaskFailed
from server.optimization.ranking import Ranking
from server.runs.coordinator import Coordinator
from server.runs.earlier import Earlier
from server.runs.sweep_messages import RunChunk, RunWindow, SweepPlan
from server.runs.windows import Period, Window, Windows
from server.store.trial_files import read_chunk, write_chunk
from tests.unit.runs.sweeps import done, result_of, run
from tests.unit.store.chunks import a_chunk

Plan = Callable[..., SweepPlan]
CASH = 1_000.0
PROFIT = METRIC_NAMES.index("netProfit")
PROBE = ("Probe", "1.0.0")


@pytest.fixture
def walk(plan: Plan) -> Plan:
    """Makes plans of two windows with `sets` each, over hours 0 to 3 and 2 to 5, judged by two hours each."""

    def make(sets: int = 4, attempt: int = 1, **changes: Any) -> SweepPlan:
        whole = plan(trials=sets, attempt=attempt)
        windows = [
            Window(in_sample=period(first, first + 4), out_of_sample=period(first + 4, first + 6)) for first in (0, 2)
        ]
        return structs.replace(
            whole,
            total=2 * sets,
            windows=Windows(objective="netProfit", windows=windows),
            earlier={"a" * 24: [], "b" * 24: []},
            settings_sent={"initialCash": CASH, "riskFreeRate": 0.0},
            **changes,
        )

    return make


def period(first: int, stop: int) -> Period:
    return Period(start_ms=first * 3_600_000, end_ms=stop * 3_600_000 - 1, rows=[(first, stop)])


class Worker:
    """Plays the trials of a plan: set `i` earns `profits[window][i]`, and `kept` out of sample."""

    def __init__(self, plan: SweepPlan, profits: list[list[float]], kept: float = 10.0) -> None:
        self.folder = Path(plan.result_dir)
        self.profits = profits
        self.kept = kept
        self.chunks: list[RunChunk] = []
        self.judged: list[RunWindow] = []

    def __call__(self, asked: RunChunk | RunWindow) -> Any:
        return self.trials(asked) if isinstance(asked, RunChunk) else self.judge(asked)

    def trials(self, chunk: RunChunk) -> Any:
        assert chunk.window is not None
        assert chunk.picks is not None
        self.chunks.append(chunk)
        numbers = chunk.numbers or list(range(chunk.first, chunk.stop))
        made = a_chunk(numbers, parameters={"fast": chunk.picks})
        made.metrics[:] = 0.0
        made.metrics[:, PROFIT] = [self.profits[chunk.window][pick] for pick in chunk.picks]
        write_chunk(self.folder, made)
        return done(chunk.first, chunk.stop)

    def judge(self, window: RunWindow) -> Any:
        self.judged.append(window)
        metrics = msgspec.convert(dict.fromkeys(METRIC_NAMES, 0) | {"netProfit": self.kept}, Metrics)
        folder = Path(window.result_dir)
        result = {"trialKey": f"{window.first:024x}", "metrics": metrics}
        (folder / "result.json").write_bytes(msgspec.json.encode(result))
        rows = np.zeros(2, dtype=EQUITY_DTYPE)
        rows["ts"] = [(2 * window.first + hour) * 3_600_000 for hour in (4, 5)]
        rows["equity"] = [CASH, CASH + self.kept]
        write_rows(folder / "equity.npy", rows)
        return BacktestDone(mode="interpreted", metrics=metrics, total_bars=2)


def walked(plan: SweepPlan, worker: Callable[[Any], Any]) -> WalkForwardResult:
    run(Coordinator(plan), worker)
    found = result_of(plan).walk_forward
    assert found is not None
    return found


def ran(worker: Worker) -> list[tuple[int, int]]:
    """The window and the set of every trial that was run, in order."""
    return sorted((chunk.window or 0, pick) for chunk in worker.chunks for pick in chunk.picks or ())


def test_no_chunk_has_trials_of_two_windows(walk: Plan) -> None:
    plan = walk(sets=100)
    worker = Worker(plan, [[0.0] * 100] * 2)
    walked(plan, worker)
    assert ran(worker) == [(window, pick) for window in (0, 1) for pick in range(100)]
    assert all(chunk.window == chunk.first // 100 == (chunk.stop - 1) // 100 for chunk in worker.chunks)


def test_each_window_is_judged_by_what_it_chose(walk: Plan) -> None:
    plan = walk()
    worker = Worker(plan, [[1.0, 40.0, 3.0, 40.0], [8.0, -2.0, 80.0, 5.0]])
    result = walked(plan, worker)
    assert [(one.first, one.parameters) for one in worker.judged] == [(0, {"fast": 1}), (1, {"fast": 2})]
    assert [(one.in_sample_value, one.out_of_sample_value) for one in result.windows] == [(40.0, 10.0), (80.0, 10.0)]
    assert [one.efficiency for one in result.windows] == [0.5, 0.25]  # 10 in two bars, of 40 and of 80 in four
    assert result.efficiency == pytest.approx((20.0 / 4) / (120.0 / 8))
    assert (result.windows[1].in_sample_start, result.windows[1].in_sample_end) == (
        "1970-01-01T02:00:00.000Z",
        "1970-01-01T05:59:59.999Z",
    )
    assert result.equity is not None
    assert [point[1] for point in result.equity.points] == pytest.approx([1000.0, 1010.0, 1010.0, 1020.1])


def test_of_a_metric_of_which_less_is_better_the_least_is_chosen(walk: Plan) -> None:
    plan = walk()
    assert plan.windows is not None
    plan = structs.replace(plan, windows=structs.replace(plan.windows, objective="maxDrawdownBars"))
    worker = Worker(plan, [[0.0] * 4] * 2)

    def outcome(asked: RunChunk | RunWindow) -> Any:
        answer = worker(asked)
        if isinstance(asked, RunChunk):
            path = worker.folder / f"trials-{asked.first:09d}.npz"
            chunk = read_chunk(path)
            chunk.metrics[:, METRIC_NAMES.index("maxDrawdownBars")] = [abs(2 - pick) for pick in asked.picks or ()]
            write_chunk(worker.folder, chunk)
        return answer

    walked(plan, outcome)
    assert [one.parameters for one in worker.judged] == [{"fast": 2}] * 2


def test_a_trial_that_may_not_lead_is_not_chosen(walk: Plan) -> None:
    plan = walk(ranking=Ranking(sort_by="netProfit", filters=Filters(min_net_profit=50.0)))
    worker = Worker(plan, [[1.0, 40.0, 3.0, 4.0], [8.0, -2.0, 80.0, 5.0]])
    result = walked(plan, worker)
    assert [one.first for one in worker.judged] == [1]
    assert (result.windows[0].parameters, result.windows[0].metrics) == (None, None)
    assert result_of(plan).warnings == ["no trial could be chosen in the windows 1"]
    assert result.equity is not None
    assert [point[1] for point in result.equity.points] == pytest.approx([1000.0, 1000.0, 1000.0, 1010.0])


def test_what_raises_out_of_sample_is_told_and_the_other_windows_stay(walk: Plan) -> None:
    plan = walk()
    worker = Worker(plan, [[1.0, 2.0, 3.0, 4.0]] * 2)

    def outcome(asked: RunChunk | RunWindow) -> Any:
        if isinstance(asked, RunWindow) and asked.first == 0:
            return TaskFailed(cause="raised", message="boom")
        return worker(asked)

    result = walked(plan, outcome)
    assert [one.trial_key is None for one in result.windows] == [True, False]
    assert result.windows[0].parameters == {"fast": 3}
    assert result_of(plan).warnings == ["window 1 could not be run out of sample: boom"]


@pytest.mark.parametrize(("deaths", "judged"), [(1, 2), (2, 1)])
def test_a_window_whose_worker_died_is_run_once_more(walk: Plan, deaths: int, judged: int) -> None:
    plan = walk()
    worker, left = Worker(plan, [[1.0, 2.0, 3.0, 4.0]] * 2), [deaths]

    def outcome(asked: RunChunk | RunWindow) -> Any:
        if isinstance(asked, RunWindow) and asked.first == 0 and left[0]:
            left[0] -= 1
            return TaskFailed(cause="died", message="it died")
        return worker(asked)

    result = walked(plan, outcome)
    assert sum(one.metrics is not None for one in result.windows) == judged


def test_a_sweep_that_is_stopped_while_it_judges_has_no_result(walk: Plan) -> None:
    plan = walk()
    worker = Worker(plan, [[1.0, 2.0, 3.0, 4.0]] * 2)
    coordinator = Coordinator(plan)
    stopped: list[RunWindow] = []

    def outcome(asked: RunChunk | RunWindow) -> Any:
        if isinstance(asked, RunWindow):
            stopped.append(asked)
            if len(stopped) > 4:  # the owner, which has cancelled it, would have run none of these
                raise StopIteration
            return TaskFailed(cause="cancelled", message="cancelled")
        return worker(asked)

    with pytest.raises(StopIteration):
        run(coordinator, outcome)
    assert not coordinator.ended
    (ended,) = coordinator.stopped()
    assert not ended.complete  # type: ignore[union-attr]
    assert not (worker.folder / "result.json").exists()


def test_a_trial_that_kills_workers_is_named_as_one_of_its_window(walk: Plan) -> None:
    plan = walk()
    worker = Worker(plan, [[1.0, 2.0, 3.0, 4.0]] * 2)

    def outcome(asked: RunChunk | RunWindow) -> Any:
        if isinstance(asked, RunChunk) and asked.window == 1 and 2 in (asked.picks or ()):
            return TaskFailed(cause="died", message="it died")
        return worker(asked)

    walked(plan, outcome)
    lost = read_chunk(worker.folder / "trials-000000006.npz")
    assert lost.parameters["fast"].tolist() == [2]
    key = trial_key(*PROBE, 2 * 3_600_000, 6 * 3_600_000 - 1, {}, {"fast": 2})
    assert lost.trial_key.tolist() == [key.encode()]
    assert [one.parameters for one in worker.judged] == [{"fast": 3}] * 2


def test_finished_trials_are_taken_over_window_by_window(walk: Plan, tmp_path: Path) -> None:
    plan, former = walk(attempt=2), tmp_path / "former"
    former.mkdir()
    for first, family, profit in ((0, "a", 1.0), (4, "b", 100.0)):
        kept = a_chunk(range(first, first + 2), family=family * 24, parameters={"fast": [1, 2]})
        kept.metrics[:, PROFIT] = profit
        write_chunk(former, replace(kept, index=np.arange(first, first + 2)))
    source = Earlier(folder=str(former), kind="optimization", same_run=True)
    plan = structs.replace(plan, earlier={name: [source] for name in plan.earlier})
    worker = Worker(plan, [[0.0, 0.0, 0.0, 5.0], [0.0, 0.0, 0.0, 5.0]])
    result = walked(plan, worker)
    assert ran(worker) == [(0, 0), (0, 3), (1, 0), (1, 3)]
    assert [(one.parameters, one.in_sample_value) for one in result.windows] == [
        ({"fast": 3}, 5.0),
        ({"fast": 1}, 100.0),
    ]
    assert result_of(plan).reused == 4


def test_the_files_of_the_runs_out_of_sample_do_not_stay(walk: Plan) -> None:
    plan = walk()
    worker = Worker(plan, [[1.0, 2.0, 3.0, 4.0]] * 2)
    walked(plan, worker)
    assert len(worker.judged) == 2
    assert not any(Path(one.result_dir).exists() for one in worker.judged)
