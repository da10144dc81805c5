"""What a sweep does with what its chunks bring."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs

from server.contract.requests import Objective, StopRules
from server.engine.tables import TRIAL_STATUSES
from server.execution.tasks import TaskFailed, TrialsDone
from server.optimization.ranking import Ranking
from server.optimization.visits import visits_of
from server.runs.coordinator import Coordinator
from server.runs.sweep_messages import ChunkEnded, RunChunk, SweepEnded, SweepPlan
from server.store.trial_files import read_chunk, write_chunk
from tests.unit.runs.sweeps import done, result_of, run
from tests.unit.store.chunks import FAMILY, a_chunk

Plan = Callable[..., SweepPlan]


def interpreted(chunk: RunChunk, why: str, count: int) -> TrialsDone:
    """A chunk of which `count` trials could not be compiled."""
    return structs.replace(done(chunk.first, chunk.stop), interpreted={why: count} if count else {})


def numbers_of(chunk: RunChunk) -> list[int]:
    return chunk.numbers or list(range(chunk.first, chunk.stop))


def test_every_trial_is_run_once_and_the_best_is_found(plan: Plan) -> None:
    sweep, seen = plan(trials=1000, slots=2), list[int]()

    def outcome(chunk: RunChunk) -> TrialsDone:
        seen.extend(range(chunk.first, chunk.stop))
        return done(chunk.first, chunk.stop)

    standings, ended = run(Coordinator(sweep), outcome)
    assert sorted(seen) == list(range(1000))
    assert (ended.complete, ended.all_failed) == (True, None)
    assert [one.completed for one in standings] == sorted(one.completed for one in standings)
    result = result_of(sweep)
    assert (result.completed, result.failed, result.total_bars, result.trials_total) == (1000, 0, 10_000, 1000)
    assert result.best is not None
    assert (result.best.parameters, result.best.value) == ({"fast": 999}, 999.0)
    assert (result.data[0].first, result.data[0].last) == ("1970-01-01T02:00:00.000Z", "1970-01-01T07:00:00.000Z")


def test_trials_that_raise_are_counted_while_the_rest_go_on(plan: Plan) -> None:
    sweep = plan(trials=100)
    _, ended = run(Coordinator(sweep), lambda chunk: done(chunk.first, chunk.stop, failed=1))
    result = result_of(sweep)
    assert ended.standing.last_error == "boom"
    assert result.completed + result.failed == 100
    assert [(group.message, group.count) for group in result.failures] == [("boom", result.failed)]


def test_a_sweep_of_which_nothing_completed_says_the_commonest_reason(plan: Plan) -> None:
    _, ended = run(Coordinator(plan()), lambda chunk: done(chunk.first, chunk.stop, failed=chunk.stop - chunk.first))
    assert ended.all_failed == "all 4 trials failed; 4 of them with: boom"
    assert ended.example_trace == "where it raised"


def test_the_trial_that_kills_workers_is_found_and_given_up(plan: Plan) -> None:
    sweep = plan(trials=64)

    def outcome(chunk: RunChunk) -> Any:
        if chunk.first <= 37 < chunk.stop:
            return TaskFailed(cause="died", message="the worker process ended unexpectedly")
        return done(chunk.first, chunk.stop)

    _, ended = run(Coordinator(sweep), outcome)
    assert (ended.standing.completed, ended.standing.failed, ended.complete) == (63, 1, True)
    with np.load(Path(sweep.result_dir) / "trials-000000037.npz") as lost:
        assert lost["index"].tolist() == [37]
        assert lost["param:fast"].tolist() == [37]
        assert TRIAL_STATUSES[lost["status"][0]] == "Failed"


def test_a_chunk_that_was_stopped_early_is_finished_by_another(plan: Plan) -> None:
    sweep, seen = plan(trials=64), list[int]()

    def outcome(chunk: RunChunk) -> TrialsDone:
        stop = min(chunk.stop, chunk.first + 3)
        seen.extend(range(chunk.first, stop))
        return done(chunk.first, stop)

    _, ended = run(Coordinator(sweep), outcome)
    assert sorted(seen) == list(range(64))
    assert ended.standing.completed == 64


def test_a_new_attempt_takes_over_what_the_former_finished(plan: Plan) -> None:
    former = plan(trials=10)
    write_chunk(Path(former.result_dir), a_chunk([0, 2, 3, 4], failed={2}))
    (Path(former.result_dir) / "trials-000000008.npz").write_bytes(b"half a file")
    sweep, seen = plan(trials=10, attempt=2), list[int]()

    def outcome(chunk: RunChunk) -> TrialsDone:
        seen.extend(numbers_of(chunk))
        return done(chunk.first, chunk.stop)

    standings, ended = run(Coordinator(sweep), outcome)
    assert sorted(seen) == [1, *range(5, 10)]
    assert (standings[0].completed, standings[0].failed, standings[0].reused) == (3, 1, 4)
    assert (ended.standing.completed, ended.standing.failed, ended.standing.reused) == (9, 1, 4)
    with np.load(Path(sweep.result_dir) / "trials-000000000.npz") as taken:
        assert taken["reused"].all()
    assert [(group.message, group.count) for group in result_of(sweep).failures] == [("boom 2", 1)]


def test_a_sweep_that_is_interpreted_says_why_once(plan: Plan) -> None:
    sweep = plan(trials=300)
    run(Coordinator(sweep), lambda chunk: interpreted(chunk, "text is not available", chunk.stop - chunk.first))
    assert result_of(sweep).warnings == ["interpreted: text is not available"]


def test_a_sweep_that_is_interpreted_in_part_says_how_much_of_it(plan: Plan) -> None:
    sweep = plan(trials=1000)
    counts = {0: 7}
    run(
        Coordinator(sweep),
        lambda chunk: interpreted(chunk, "the compiler is being prepared", counts.get(chunk.first, 0)),
    )
    assert result_of(sweep).warnings == ["7 of 1,000 trials interpreted: the compiler is being prepared"]


def test_of_several_reasons_the_commonest_is_told(plan: Plan) -> None:
    sweep = plan(trials=1000)
    run(Coordinator(sweep), lambda chunk: interpreted(chunk, "often" if chunk.first else "once", 1 + chunk.first))
    (warning,) = result_of(sweep).warnings
    assert warning.endswith("interpreted: often")


def test_reused_trials_are_not_counted_among_those_that_could_have_been_compiled(plan: Plan) -> None:
    write_chunk(Path(plan(trials=10).result_dir), a_chunk(range(4)))
    sweep = plan(trials=10, attempt=2)
    run(Coordinator(sweep), lambda chunk: interpreted(chunk, "no", chunk.stop - chunk.first))
    assert result_of(sweep).warnings == ["interpreted: no"]


def test_the_leaders_are_told_with_what_lies_around_them(plan: Plan) -> None:
    sweep = plan(trials=6)
    folder = Path(sweep.result_dir)

    def outcome(chunk: RunChunk) -> TrialsDone:
        write_chunk(folder, a_chunk(numbers_of(chunk)))
        return done(chunk.first, chunk.stop)

    run(Coordinator(sweep), outcome)
    robustness = result_of(sweep).robustness
    assert robustness is not None
    assert (robustness.trials, robustness.deflated_sharpe) == (6, None)
    best = robustness.leaders[0]
    assert (best.trial_key, best.value, best.neighbours, best.median, best.spread) == (f"{5:024x}", 5.0, 1, 4.0, 0.0)


def test_a_sweep_whose_bars_are_gone_says_that_it_cannot_tell(plan: Plan) -> None:
    sweep = plan(trials=6)
    folder = Path(sweep.result_dir)
    coordinator = Coordinator(sweep)
    (Path(sweep.data[0].directory) / "bars.npy").unlink()

    def outcome(chunk: RunChunk) -> TrialsDone:
        write_chunk(folder, a_chunk(numbers_of(chunk)))
        return done(chunk.first, chunk.stop)

    run(coordinator, outcome)
    result = result_of(sweep)
    assert result.robustness is None
    assert any("cannot be told" in warning for warning in result.warnings)


def test_a_random_search_runs_the_sets_that_it_draws(plan: Plan) -> None:
    sweep = structs.replace(plan(trials=100), method="random", total=10, seed=5)
    picked: list[int] = []

    def outcome(chunk: RunChunk) -> TrialsDone:
        assert chunk.picks is not None
        picked.extend(chunk.picks)
        return done(chunk.first, chunk.stop)

    _, ended = run(Coordinator(sweep), outcome)
    drawn = visits_of("random", sweep.space, None, 10, seed=5)
    assert drawn is not None
    assert sorted(picked) == sorted(drawn.tolist())
    assert (ended.standing.completed, ended.skipped, ended.stop_reason) == (10, 0, None)


def test_a_random_search_takes_over_the_sets_that_are_finished(plan: Plan) -> None:
    drawn = visits_of("random", plan(trials=100, attempt=9).space, None, 10, seed=5)
    assert drawn is not None
    former = plan(trials=100)
    write_chunk(Path(former.result_dir), a_chunk(sorted(drawn.tolist()[3:6])))
    sweep = structs.replace(plan(trials=100, attempt=2), method="random", total=10, seed=5)
    seen: list[tuple[int, int]] = []

    def outcome(chunk: RunChunk) -> TrialsDone:
        assert chunk.picks is not None
        seen.extend(zip(numbers_of(chunk), chunk.picks, strict=True))
        return done(chunk.first, chunk.stop)

    standings, ended = run(Coordinator(sweep), outcome)
    assert sorted(seen) == [(number, int(drawn[number])) for number in range(10) if not 3 <= number < 6]
    assert (standings[0].reused, ended.standing.completed) == (3, 10)


def written(sweep: SweepPlan) -> Callable[[RunChunk], TrialsDone]:
    """Chunks that leave their trials behind; each earns its number."""

    def outcome(chunk: RunChunk) -> TrialsDone:
        write_chunk(Path(sweep.result_dir), a_chunk(numbers_of(chunk)))
        return done(chunk.first, chunk.stop)

    return outcome


def test_a_target_that_is_reached_ends_the_sweep_and_the_rest_is_skipped(plan: Plan) -> None:
    sweep = structs.replace(plan(trials=5_000), stop_rules=StopRules(target_metric=100.0))
    _, ended = run(Coordinator(sweep), written(sweep))
    assert (ended.complete, ended.stop_reason) == (True, "targetReached")
    # the batches end with the trials 31, 95, 223: the third reaches it, the fourth was under way
    assert (ended.standing.completed, ended.skipped) == (480, 4_520)
    assert result_of(sweep).skipped == ended.skipped


def test_a_target_reached_by_the_last_trial_skips_nothing(plan: Plan) -> None:
    sweep = structs.replace(plan(trials=8), stop_rules=StopRules(target_metric=7.0))
    _, ended = run(Coordinator(sweep), written(sweep))
    assert (ended.skipped, ended.stop_reason) == (0, None)


def test_no_batch_is_longer_than_the_patience(plan: Plan) -> None:
    sweep = structs.replace(
        plan(trials=5_000), stop_rules=StopRules(no_improvement_trials=40), ranking=Ranking(sort_by="totalTrades")
    )
    _, ended = run(Coordinator(sweep), written(sweep))  # no trial has any
    assert (ended.stop_reason, ended.standing.completed) == ("noImprovement", 32 + 40 + 40)


def test_after_its_time_a_sweep_waits_for_what_is_under_way_alone(plan: Plan) -> None:
    coordinator = Coordinator(plan(trials=5_000))
    chunks = [message for message in coordinator.begin() if isinstance(message, RunChunk)]
    assert coordinator.time_over() == []
    answers: list[Any] = []
    for chunk in chunks:
        outcome = done(chunk.first, chunk.stop)
        answers += coordinator.chunk_ended(
            ChunkEnded(first=chunk.first, stop=chunk.stop, elapsed_s=0.1, outcome=outcome)
        )
    ended = answers[-1]
    assert isinstance(ended, SweepEnded)
    ran = sum(chunk.stop - chunk.first for chunk in chunks)
    assert (ended.complete, ended.stop_reason, ended.skipped) == (True, "timeBudget", 5_000 - ran)
    assert not [answer for answer in answers if isinstance(answer, RunChunk)]


Pick = Callable[[list[RunChunk]], RunChunk]


def played(sweep: SweepPlan, pick: Pick) -> list[int]:
    """The sets that a sweep runs, in the order of its trials, where `pick` says which chunk is done next."""
    folder = Path(sweep.result_dir)
    coordinator = Coordinator(sweep)
    waiting = [message for message in coordinator.begin() if isinstance(message, RunChunk)]
    sets: dict[int, int] = {}
    while waiting:
        chunk = pick(waiting)
        waiting.remove(chunk)
        assert chunk.numbers is not None
        assert chunk.picks is not None
        sets |= dict(zip(chunk.numbers, chunk.picks, strict=True))
        rows = a_chunk(chunk.picks)
        write_chunk(folder, replace(rows, index=np.array(chunk.numbers)))
        outcome = done(chunk.first, chunk.stop)
        answers = coordinator.chunk_ended(
            ChunkEnded(first=chunk.first, stop=chunk.stop, elapsed_s=0.1, outcome=outcome)
        )
        waiting += [message for message in answers if isinstance(message, RunChunk)]
    assert coordinator.ended
    return [sets[number] for number in sorted(sets)]


def learned(plan: Plan, trials: int, pick: Pick, attempt: int = 1) -> list[int]:
    """The sets that a TPE search runs."""
    sweep = plan(trials=10_000, attempt=attempt)
    return played(structs.replace(sweep, method="tpe", total=trials, seed=5, earlier={FAMILY: []}), pick)


def patient(plan: Plan, *, attempt: int, slots: int = 2, after: int = 0) -> SweepPlan:
    """A random search that ends by its rules, and takes trials over from the attempt `after`."""
    rules = StopRules(no_improvement_trials=100)
    sweep = plan(trials=10_000, attempt=attempt, slots=slots)
    earlier = {FAMILY: [one for one in sweep.earlier[FAMILY] if one.folder.endswith(f"/{after}")]}
    return structs.replace(sweep, method="random", total=2_000, seed=5, stop_rules=rules, earlier=earlier)


def test_when_it_is_enough_never_depends_on_who_is_faster(plan: Plan) -> None:
    first = played(patient(plan, attempt=1, slots=1), lambda waiting: waiting[0])
    last = played(patient(plan, attempt=2, slots=3), lambda waiting: waiting[-1])
    assert first == last
    best = first.index(max(first))
    assert 100 <= len(first) - best < 2_000 - best


def test_trials_that_are_finished_do_not_change_when_it_is_enough(plan: Plan, tmp_path: Path) -> None:
    whole = played(patient(plan, attempt=1), lambda waiting: waiting[0])
    better = max(whole) + 1  # a set that the search would have come to later, if at all
    (tmp_path / "results" / "7").mkdir()
    write_chunk(tmp_path / "results" / "7", a_chunk(sorted({*whole[50:150], better})))
    sweep = patient(plan, attempt=8, after=7)
    assert played(sweep, lambda waiting: waiting[0]) == [*whole[:50], *whole[150:]]
    result = result_of(sweep)
    assert (result.reused, result.completed, result.skipped) == (100, len(whole), 2_000 - len(whole))


def test_a_search_that_learns_asks_for_the_same_whoever_is_faster(plan: Plan) -> None:
    first = learned(plan, 150, lambda waiting: waiting[0])
    last = learned(plan, 150, lambda waiting: waiting[-1], attempt=7)
    assert len(set(first)) == len(first) == 150
    assert first == last
    assert np.mean(first[-32:]) > np.mean(first[:32])  # a set's number is what it earns


def test_a_search_that_learns_goes_on_as_if_it_had_not_been_interrupted(plan: Plan, tmp_path: Path) -> None:
    whole = learned(plan, 100, lambda waiting: waiting[0])
    (tmp_path / "results" / "7").mkdir()
    for path in (tmp_path / "results" / "1").glob("trials-*.npz"):
        chunk = read_chunk(path)
        kept = np.flatnonzero(chunk.index < 45)
        if len(kept):
            write_chunk(tmp_path / "results" / "7", chunk.pick(kept))
    sweep = structs.replace(plan(trials=10_000, attempt=8), method="tpe", total=100, seed=5)
    folder = Path(sweep.result_dir)
    sweep = structs.replace(
        sweep, earlier={FAMILY: [one for one in sweep.earlier[FAMILY] if one.folder.endswith("/7")]}
    )
    sets: dict[int, int] = {}

    def outcome(chunk: RunChunk) -> TrialsDone:
        assert chunk.numbers is not None
        assert chunk.picks is not None
        sets.update(zip(chunk.numbers, chunk.picks, strict=True))
        write_chunk(folder, replace(a_chunk(chunk.picks), index=np.array(chunk.numbers)))
        return done(chunk.first, chunk.stop)

    _, ended = run(Coordinator(sweep), outcome)
    assert (ended.standing.reused, ended.standing.completed) == (45, 100)
    assert {number: whole[number] for number in sets} == sets
    assert sorted(sets) == list(range(45, 100))


def test_of_several_aims_the_trials_that_nothing_beats_are_told(plan: Plan) -> None:
    aims = [Objective(metric="netProfit", direction="max"), Objective(metric="netProfit", direction="min")]
    sweep = structs.replace(plan(trials=6), objectives=aims)
    folder = Path(sweep.result_dir)

    def outcome(chunk: RunChunk) -> TrialsDone:
        write_chunk(folder, a_chunk(numbers_of(chunk)))
        return done(chunk.first, chunk.stop)

    run(Coordinator(sweep), outcome)
    front = result_of(sweep).pareto_front
    assert front is not None
    assert len(front) == 6


def test_more_workers_get_more_chunks_while_the_sweep_runs(plan: Plan) -> None:
    coordinator = Coordinator(plan(trials=10_000, slots=1))
    chunks = [one for one in coordinator.begin() if isinstance(one, RunChunk)]
    more = [one for one in coordinator.resized(4) if isinstance(one, RunChunk)]
    assert (len(chunks), len(more)) == (2, 6)
    assert coordinator.resized(1) == [], "what is under way stays so"
    places = [place for chunk in chunks + more for place in range(chunk.first, chunk.stop)]
    assert places == list(range(len(places)))
