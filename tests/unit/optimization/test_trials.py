"""A chunk's trials: together where that is faster, alone where something is to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from server.contract.base import ParamValue
from server.contract.results import Metrics
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.optimization.trial_table import TrialFailure, TrialTable
from server.optimization.trials import ChunkResult, run_trials
from server.store.trial_files import Chunk, read_chunk

RANKING = Ranking()
EMPTY: dict[str, Any] = dict.fromkeys(Metrics.__struct_fields__, 0)


class Figures(NamedTuple):
    key: str
    metrics: Metrics
    bars: int
    repeated: bool = False


@dataclass
class Result:
    metrics: Metrics
    bars: int = 10
    status: str = "finished"
    mode: str = "compiled"
    why_interpreted: str | None = None


@dataclass
class Order:
    space: Space
    first: int
    stop: int
    picks: list[int] | None = None
    numbers: list[int] | None = None
    ranking: Ranking = RANKING
    trial_timeout_s: float | None = None


@dataclass
class Machine:
    """Earns each trial's number; those of `alone` are not played with others, those of `bad` raise.

    So many numbers in a row are the `same` work.
    """

    alone: frozenset[int] = frozenset()
    bad: frozenset[int] = frozenset()
    mode: str = "compiled"
    same: int = 1
    log: list[tuple[int, ...]] = field(default_factory=list)

    def trial_key(self, parameters: Mapping[str, ParamValue]) -> str:
        return self.key_of(parameters)

    def key_of(self, parameters: Mapping[str, ParamValue]) -> str:
        return f"{int(parameters['n']) // self.same:024x}"

    def simulate(self, key: str, parameters: Mapping[str, ParamValue], progress: Any) -> Any:
        number = int(parameters["n"])
        self.log.append((number,))
        if number in self.bad:
            raise ValueError(f"{number} is bad")
        return Result(Metrics(**{**EMPTY, "net_profit": float(number)}), mode=self.mode)

    def simulate_together(self, sets: Sequence[Mapping[str, ParamValue]]) -> list[Figures]:
        if self.mode != "compiled":
            return []
        numbers = [int(one["n"]) for one in sets]
        ready = numbers[: next((at for at, number in enumerate(numbers) if number in self.alone | self.bad), None)]
        if ready:
            self.log.append(tuple(ready))
        return [Figures(f"{n:024x}", Metrics(**{**EMPTY, "net_profit": float(n)}), 10) for n in ready]


class Progress:
    """Keeps what was counted, and asks to stop once so many trials have ended."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.counted: list[tuple[int, int, int]] = []
        self._stop_after = stop_after

    def count_trials(self, processed: int, failed: int, bars: int) -> None:
        self.counted.append((processed, failed, bars))

    def cancelled(self) -> bool:
        return self._stop_after is not None and bool(self.counted) and sum(self.counted[-1][:2]) >= self._stop_after


def played(machine: Machine, stop: int, progress: Progress | None = None, **order: Any) -> ChunkResult:
    space = Space(names=["n"], values=[list(range(1_000))])
    return run_trials(
        Order(space, 0, stop, **order),
        machine,
        TrialTable({"n": "n"}),
        progress or Progress(),
        lambda error: TrialFailure(str(error)),
    )


def numbers(machine: Machine) -> list[int]:
    """The trials in the order in which they ended."""
    return [number for call in machine.log for number in call]


def test_after_the_first_trials_are_played_together_more_and_more_of_them() -> None:
    machine = Machine()
    result = played(machine, 300)
    assert numbers(machine) == list(range(300))
    assert machine.log[0] == (0,)
    assert len(machine.log) < 20
    assert (result.completed, result.failed, result.bars, result.mode) == (300, 0, 3_000, "compiled")
    assert [trial.index for trial in result.top] == list(range(299, 289, -1))


def test_what_is_not_played_together_is_played_alone_and_the_rest_together_again() -> None:
    machine = Machine(alone=frozenset({5, 6}), bad=frozenset({9}))
    result = played(machine, 64)
    assert numbers(machine) == list(range(64))
    assert {(5,), (6,), (9,)} <= set(machine.log)
    assert (result.completed, result.failed, result.failures) == (63, 1, {"9 is bad": 1})
    assert any(call[0] > 9 and len(call) > 1 for call in machine.log)


def test_what_runs_interpreted_is_never_played_together() -> None:
    machine = Machine(mode="interpreted")
    result = played(machine, 5)
    assert machine.log == [(0,), (1,), (2,), (3,), (4,)]
    assert result.mode == "interpreted"


@pytest.mark.parametrize("enough", [1, 3, 20])
def test_a_cancel_is_seen_between_two_calls(enough: int) -> None:
    machine = Machine()
    result = played(machine, 900, Progress(enough))
    assert result.cancelled
    assert enough <= result.completed < 900
    assert result.completed == len(numbers(machine)) == len(result.table)


def test_picks_are_played_together_in_their_order() -> None:
    machine = Machine()
    result = played(machine, 40, picks=list(range(100, 60, -1)))
    assert numbers(machine) == list(range(100, 60, -1))
    assert (result.top[0].index, result.top[0].leader.parameters) == (0, {"n": 100})


def rows(result: ChunkResult, path: Path) -> Chunk:
    result.table.write(path, "0" * 24)
    return read_chunk(path)


def test_the_same_work_as_of_the_trial_before_is_not_done_again(tmp_path: Path) -> None:
    machine = Machine(mode="interpreted", same=3, bad=frozenset({3}))
    result = played(machine, 8)
    assert machine.log == [(0,), (3,), (6,)]
    assert (result.completed, result.failed, result.reused, result.bars) == (5, 3, 5, 20)
    assert result.failures == {"3 is bad": 3}
    chunk = rows(result, tmp_path / "trials.npz")
    assert chunk.reused.tolist() == [False, True, True, False, True, True, False, True]
    assert chunk.parameters["n"].tolist() == list(range(8))
    assert chunk.metrics[:3].tolist() == [chunk.metrics[0].tolist()] * 3
    assert [key.decode()[-1] for key in chunk.trial_key.tolist()] == list("00011122")


def test_a_chunk_that_has_taken_too_long_ends_with_the_last_trial_of_the_same_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.optimization.trials.LONGEST_S", 0.0)
    result = played(Machine(mode="interpreted", same=3), 8)
    assert (result.completed, result.reused) == (3, 2)


def test_a_trial_that_fails_before_it_has_a_key_lends_its_failure_to_none() -> None:
    class Unnamed(Machine):
        def trial_key(self, parameters: Mapping[str, ParamValue]) -> str:
            if parameters["n"] == 0:
                raise ValueError("no name")
            return "0" * 24

    result = played(Unnamed(mode="interpreted"), 3)
    assert (result.completed, result.failures, result.reused) == (2, {"no name": 1}, 1)
