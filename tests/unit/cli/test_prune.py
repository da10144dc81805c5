"""What `forge prune` asks for, and tells."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner, Result

from server.cli.prune import prune
from server.contract.retention import KeepRules, PrunedLog, PrunedRun, Pruning

RULES = KeepRules(runs=1, days=None, event_log_days=1.0, dataset_versions=None)


class Prunes:
    """A client whose server has these answers, one after the other."""

    def __init__(self, *answers: Pruning) -> None:
        self.left = list(answers)

    def prune(self, *, dry_run: bool = False) -> Pruning:
        answer = self.left.pop(0)
        assert answer.dry_run == dry_run
        return answer


def typed(monkeypatch: pytest.MonkeyPatch, server: Prunes, *words: str) -> Result:
    @contextmanager
    def asking() -> Iterator[Prunes]:
        yield server

    monkeypatch.setattr("server.cli.prune.asking", asking)
    return CliRunner().invoke(prune, words, catch_exceptions=False)


def pruned(number: int, *, more: bool, dry_run: bool = False) -> Pruning:
    return Pruning(
        dry_run=dry_run,
        rules=RULES,
        runs=[PrunedRun(run_key=f"run{number}", kind="backtest", ended_at="2024-01-01T00:00:00.000Z")],
        event_logs=[PrunedLog(run_key=f"log{number}", attempt=number)],
        datasets=[f"set{number}"],
        bytes=number * 1_000_000,
        more=more,
    )


def test_it_asks_until_nothing_more_is_to_go_and_tells_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    told = typed(monkeypatch, Prunes(pruned(1, more=True), pruned(2, more=True), pruned(3, more=False)))
    assert told.stdout.splitlines()[-1] == "gone: 3 runs, 3 event logs, 3 data sets, 6.0 MB"
    assert [f"run{number}  ended 2024-01-01T00:00:00.000Z" in told.stdout for number in (1, 2, 3)] == [True] * 3
    whole = json.loads(typed(monkeypatch, Prunes(pruned(1, more=True), pruned(2, more=False)), "--json").stdout)
    assert (whole["datasets"], whole["bytes"], whole["more"]) == (["set1", "set2"], 3_000_000, False)


def test_a_dry_run_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Prunes(pruned(1, more=True, dry_run=True))
    told = typed(monkeypatch, server, "--dry-run")
    assert told.stdout.splitlines()[-1] == "would go: 1 runs, 1 event logs, 1 data sets, 1.0 MB, and more"
    assert server.left == []
