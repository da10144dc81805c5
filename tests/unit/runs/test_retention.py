"""What goes because it is not to be kept, and what never does."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.broker.port import BrokerEvent, RunRemoved
from server.contract.base import parse_instant
from server.contract.problems import ForgeError
from server.contract.retention import KeepRules, Pruning
from server.engine.event_log import EVENTS_FILE
from server.runs.retention import KEEP_ALL, Pace, Retention

Make = Callable[..., Any]
DAY_MS = 86_400_000
IN_USE = "acme-test-1h-v1"


class FakeDatasets:
    """Data sets of which those told are old; each has one resampled from it."""

    def __init__(self, root: Path, *old: str) -> None:
        self.root = root
        self.old = old
        self.removed: list[str] = []

    def superseded(self, keep: int) -> dict[str, list[str]]:
        return {one: [one, f"{one}-resampled"] for one in self.old}

    async def remove(self, dataset_id: str) -> bool:
        self.removed.append(dataset_id)
        return True


def retention(owner: Any, tmp_path: Path, *old: str, now_ms: int | None = None, **rules: Any) -> Retention:
    values: dict[str, Any] = dict.fromkeys(KeepRules.__struct_fields__) | rules
    more = {} if now_ms is None else {"now_ms": lambda: now_ms}
    datasets: Any = FakeDatasets(tmp_path, *old)
    made = Retention(KeepRules(**values), owner.ledger, owner.store, owner.results, datasets, **more)
    made.datasets = datasets  # type: ignore[attr-defined]  # for the test to look at
    return made


async def finished(owner: Any, prepared: Any) -> Any:
    """A run that has ended just now."""
    snapshot, _ = await owner.submit(prepared)
    (await owner.next_task()).complete()
    (owner.results.attempt_dir(snapshot.run_key, 1, create=True) / "result.json").write_bytes(b'{"hasEventLog":true}')
    return await owner.until_status(snapshot.run_key, "Completed")


def run_keys(pruning: Pruning) -> list[str]:
    return [run.run_key for run in pruning.runs]


async def test_the_newest_runs_stay_and_what_runs_is_not_counted(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    ended = [await finished(owner, a_backtest(number)) for number in range(1, 4)]
    running, _ = await owner.submit(a_backtest(4))
    await owner.next_task()
    removed: list[str] = []

    def heard(event: BrokerEvent) -> None:
        if isinstance(event, RunRemoved):
            removed.append(event.run_key)

    it = retention(owner, tmp_path, runs=1)
    would = await it.prune(dry_run=True)
    assert await owner.store.load(ended[0].run_key) is not None
    async with owner.broker.subscribe_topic("runs", heard):
        gone = await it.prune()
    oldest = [snapshot.run_key for snapshot in ended[:2]]
    assert sorted(run_keys(would)) == sorted(run_keys(gone)) == sorted(removed) == sorted(oldest)
    assert would.bytes == gone.bytes == 2 * len(b'{"hasEventLog":true}')
    for run_key in oldest:
        assert await owner.store.load(run_key) is None
        assert not owner.results.attempt_dir(run_key, 1).exists()
    assert await owner.store.load(ended[2].run_key) is not None
    assert owner.live(running.run_key).state.status == "Running"


async def test_runs_go_by_age_however_few_there_are(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    ended = await finished(owner, a_backtest())
    end_ms = parse_instant(ended.state.updated_at)
    assert run_keys(await retention(owner, tmp_path, days=2, now_ms=end_ms + DAY_MS).prune()) == []
    assert run_keys(await retention(owner, tmp_path, days=2, now_ms=end_ms + 3 * DAY_MS).prune()) == [ended.run_key]


async def test_a_run_that_goes_on_meanwhile_stays(owner: Any, a_backtest: Make) -> None:
    ended = await finished(owner, a_backtest())
    await owner.submit(a_backtest(), force=True)
    assert not await owner.ledger.forget(ended.run_key, ended.rev)
    assert owner.live(ended.run_key).attempt == 2
    (await owner.next_task()).complete()
    await owner.until_status(ended.run_key, "Completed", attempt=2)
    assert not await owner.ledger.forget(ended.run_key, ended.rev)
    assert await owner.store.load(ended.run_key) is not None


async def test_an_event_log_goes_and_is_computed_again_when_asked_for(
    owner: Any, a_backtest: Make, tmp_path: Path
) -> None:
    plain = a_backtest()
    logged = msgspec.structs.replace(plain, settings=msgspec.structs.replace(plain.settings, event_log=True))
    ended = await finished(owner, logged)
    folder = owner.results.attempt_dir(ended.run_key, 1)
    (folder / EVENTS_FILE).write_bytes(b"{}\n")
    now_ms = parse_instant(ended.state.updated_at)
    assert (await retention(owner, tmp_path, event_log_days=1, now_ms=now_ms).prune()).event_logs == []
    gone = await retention(owner, tmp_path, event_log_days=1, now_ms=now_ms + 2 * DAY_MS).prune()
    assert [(log.run_key, log.attempt) for log in gone.event_logs] == [(ended.run_key, 1)]
    assert gone.bytes == len(b"{}\n")
    assert [path.name for path in folder.iterdir()] == ["result.json"]
    assert (folder / "result.json").read_bytes() == b'{"hasEventLog":false}'
    assert (await owner.submit(plain))[1] == "cached"
    again, dedup = await owner.submit(logged)
    assert (again.run.attempt, dedup) == (2, "none")


async def test_the_event_log_of_what_runs_stays(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    running, _ = await owner.submit(a_backtest())
    await owner.next_task()
    folder = owner.results.attempt_dir(running.run_key, 1, create=True)
    (folder / EVENTS_FILE).write_bytes(b"{}\n")
    far = parse_instant(running.run.submitted_at) + 10 * DAY_MS
    assert (await retention(owner, tmp_path, event_log_days=1, now_ms=far).prune()).event_logs == []


async def test_a_damaged_thing_keeps_nothing_else_and_only_what_went_is_counted(
    owner: Any, a_backtest: Make, tmp_path: Path
) -> None:
    damaged, sound = [await finished(owner, a_backtest(number)) for number in (1, 2)]
    for ended, log in ((damaged, b"{}\n" * 2), (sound, b"{}\n")):
        (owner.results.attempt_dir(ended.run_key, 1) / EVENTS_FILE).write_bytes(log)
    await owner.store.replace_prepared(damaged.run_key, 1, b"{")
    far = parse_instant(sound.state.updated_at) + 10 * DAY_MS
    gone = await retention(owner, tmp_path, event_log_days=1, now_ms=far).prune()
    assert ([log.run_key for log in gone.event_logs], gone.bytes) == ([sound.run_key], len(b"{}\n"))


async def test_a_store_in_trouble_ends_the_pass(
    owner: Any, a_backtest: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        await finished(owner, a_backtest(number))
    asked = []

    async def fails(run_key: str, _: Any) -> bool:
        asked.append(run_key)
        raise ForgeError("disk_full", "The disk is full.")

    monkeypatch.setattr(owner.ledger, "forget", fails)
    with pytest.raises(ForgeError):
        await retention(owner, tmp_path, runs=0).prune()
    assert len(asked) == 1


async def test_the_event_log_beside_a_damaged_result_goes(owner: Any, a_backtest: Make) -> None:
    folder = owner.results.attempt_dir(a_backtest().run_key, 1, create=True)
    (folder / EVENTS_FILE).write_bytes(b"{}\n")
    (folder / "result.json").write_bytes(b'{"hasEv')
    await owner.results.forget_event_log(a_backtest().run_key, 1)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"result.json": b'{"hasEv'}


async def test_a_bug_in_one_pass_does_not_end_the_others(
    owner: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = asyncio.Event()
    it = retention(owner, tmp_path, runs=1)
    passes = iter((RuntimeError("a bug"), None))

    async def prune(**_: Any) -> Any:
        error = next(passes, None)
        if error is not None:
            raise error
        again.set()
        return Pruning(dry_run=False, rules=KEEP_ALL, runs=[], event_logs=[], datasets=[], bytes=0, more=False)

    monkeypatch.setattr(it, "prune", prune)
    task = asyncio.create_task(it.run(Pace(every_s=0.0, step_s=0.0)))
    async with asyncio.timeout(5):
        await again.wait()
    task.cancel()
    await asyncio.wait([task])


async def test_a_data_set_goes_once_no_run_that_stays_names_it(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    await finished(owner, a_backtest())  # of the data set acme-test-1h-v1
    it = retention(owner, tmp_path, IN_USE, "old-1h-v1", dataset_versions=1)
    assert (await it.prune(dry_run=True)).datasets == ["old-1h-v1"]
    assert (await it.prune()).datasets == ["old-1h-v1"]
    await finished(owner, a_backtest(2))
    both = retention(owner, tmp_path, IN_USE, dataset_versions=1, runs=1)
    assert (await both.prune()).datasets == []  # the newer run needs it too


async def test_a_data_set_goes_with_the_last_run_of_it(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    ended = await finished(owner, a_backtest())
    far = parse_instant(ended.state.updated_at) + 10 * DAY_MS
    it = retention(owner, tmp_path, IN_USE, dataset_versions=1, days=1, now_ms=far)
    assert (await it.prune(dry_run=True)).datasets == [IN_USE]
    gone = await it.prune()
    assert (run_keys(gone), gone.datasets) == ([ended.run_key], [IN_USE])


async def test_what_is_beyond_the_rules_goes_by_itself(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    ended = [await finished(owner, a_backtest(number)) for number in range(1, 3)]
    gone = asyncio.Event()
    it = retention(owner, tmp_path, runs=1)
    async with owner.broker.subscribe_topic(
        "runs", lambda event: gone.set() if isinstance(event, RunRemoved) else None
    ):
        task = asyncio.create_task(it.run(Pace(every_s=0.01, step_s=0.0)))
        async with asyncio.timeout(5):
            await gone.wait()
        task.cancel()
        await asyncio.wait([task])
    assert await owner.store.load(ended[0].run_key) is None


async def test_without_rules_everything_stays(owner: Any, a_backtest: Make, tmp_path: Path) -> None:
    await finished(owner, a_backtest())
    kept = await retention(owner, tmp_path, "old-1h-v1").prune()
    assert (kept.rules, kept.runs, kept.event_logs, kept.datasets, kept.bytes) == (KEEP_ALL, [], [], [], 0)
