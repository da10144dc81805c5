"""What becomes of submissions, cancels and ends: decided once, committed first, shown then."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.broker.port import BrokerEvent, Published, RunRemoved
from server.contract.problems import ForgeError, RunNotFound
from server.execution.port import Counts
from server.execution.tasks import TaskFailed
from server.runs.live_run import WorkProgress

Make = Callable[..., Any]


async def test_the_same_submission_joins_the_run_under_way(owner: Any, a_backtest: Make) -> None:
    first, first_dedup = await owner.submit(a_backtest())
    second, second_dedup = await owner.submit(a_backtest())
    assert (first_dedup, second_dedup) == ("none", "inFlight")
    assert first.run_key == second.run_key
    await owner.next_task()
    assert owner.executor.started.empty()


async def test_concurrent_submissions_of_one_run_start_it_once(owner: Any, a_backtest: Make) -> None:
    answers = await asyncio.gather(*(owner.submit(a_backtest()) for _ in range(20)))
    assert sorted(dedup for _, dedup in answers) == ["inFlight"] * 19 + ["none"]


async def test_a_finished_run_answers_until_it_is_forced(owner: Any, a_backtest: Make) -> None:
    first, _ = await owner.submit(a_backtest())
    (await owner.next_task()).complete()
    await owner.until_status(first.run_key, "Completed")
    cached, dedup = await owner.submit(a_backtest())
    assert (cached.state.status, cached.run.attempt, dedup) == ("Completed", 1, "cached")
    forced, dedup = await owner.submit(a_backtest(), force=True)
    assert (forced.state.status, forced.run.attempt, dedup) == ("Pending", 2, "none")
    assert forced.rev > cached.rev


async def test_a_failed_run_is_tried_again_by_the_next_submission(owner: Any, a_backtest: Make) -> None:
    first, _ = await owner.submit(a_backtest())
    (await owner.next_task()).end(TaskFailed(cause="raised", message="boom", stack_trace="line 1\nline 2"))
    failed = await owner.until_status(first.run_key, "Failed")
    assert (failed.state.error_message, failed.state.error_stack_trace) == ("boom", "line 1\nline 2")
    again, dedup = await owner.submit(a_backtest())
    assert (again.run.attempt, dedup) == (2, "none")


async def test_an_end_is_committed_before_it_is_published(tmp_path: Path, owner: Any, a_backtest: Make) -> None:
    committed: list[tuple[str, str]] = []

    def look(event: BrokerEvent) -> None:
        if isinstance(event, Published):
            with sqlite3.connect(tmp_path / "home" / "forge.sqlite3") as database:
                (status,) = database.execute("SELECT status FROM attempts").fetchone()
            database.close()
            committed.append((event.snapshot.state.status, status))

    async with owner.broker.subscribe_topic("runs", look):
        snapshot, _ = await owner.submit(a_backtest())
        (await owner.next_task()).complete()
        await owner.until_status(snapshot.run_key, "Completed")
    assert committed[0] == ("Pending", "Pending")
    assert committed[-1] == ("Completed", "Completed")


async def test_cancelling_a_waiting_run_ends_it_at_once(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner(schedule=False) as owner:
        snapshot, _ = await owner.submit(a_backtest())
        assert await owner.ledger.cancel("backtest", snapshot.run_key) == ("Cancelled", True)
        ended = await owner.until_status(snapshot.run_key, "Cancelled")
        assert ended.state.cancel_requested
        assert len(owner.ledger.queue) == 0


async def test_cancelling_a_running_run_tells_its_task_once(owner: Any, a_backtest: Make) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    task = await owner.next_task()
    await owner.until_status(snapshot.run_key, "Running")
    await owner.ledger.cancel("backtest", snapshot.run_key)
    assert task.cancelled.is_set()
    await owner.until_status(snapshot.run_key, "Cancelled")
    with pytest.raises(ForgeError) as caught:
        await owner.ledger.cancel("backtest", snapshot.run_key)
    assert caught.value.code == "already_terminal"


async def test_the_other_kind_does_not_know_the_run(owner: Any, a_backtest: Make) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    with pytest.raises(RunNotFound):
        await owner.ledger.cancel("optimization", snapshot.run_key)


async def test_a_submission_behind_a_cancel_starts_when_that_has_ended(owner: Any, a_backtest: Make) -> None:
    owner.executor.stubborn = True
    first, _ = await owner.submit(a_backtest())
    task = await owner.next_task()
    await owner.until_status(first.run_key, "Running")
    await owner.ledger.cancel("backtest", first.run_key)
    second, dedup = await owner.submit(a_backtest())
    assert (second.run.attempt, second.state.status, dedup) == (2, "Pending", "none")
    third, dedup = await owner.submit(a_backtest())
    assert (third.run.attempt, dedup) == (2, "inFlight")
    stored = await owner.store.load(first.run_key)
    assert stored.newest.attempt == 1, "the attempt that waits is hidden until the first has ended"
    task.end(TaskFailed(cause="cancelled", message="cancelled"))
    cancelled = await owner.until_status(first.run_key, "Cancelled")
    revealed = await owner.until_status(first.run_key, "Pending", attempt=2)
    assert revealed.rev > cancelled.rev
    (await owner.next_task()).complete()
    await owner.until_status(first.run_key, "Completed", attempt=2)


async def test_a_result_that_came_after_all_answers_the_one_that_waits(owner: Any, a_backtest: Make) -> None:
    owner.executor.stubborn = True
    first, _ = await owner.submit(a_backtest())
    task = await owner.next_task()
    await owner.until_status(first.run_key, "Running")
    await owner.ledger.cancel("backtest", first.run_key)
    await owner.submit(a_backtest())
    task.complete()
    await owner.until_status(first.run_key, "Completed")
    assert owner.ledger.live == {}
    answered, dedup = await owner.submit(a_backtest())
    assert (answered.run.attempt, dedup) == (1, "cached")


async def test_a_full_queue_refuses_and_keeps_nothing(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner(queue_limit=1, schedule=False) as owner:
        await owner.submit(a_backtest(1))
        with pytest.raises(ForgeError) as caught:
            await owner.submit(a_backtest(2))
        assert caught.value.code == "queue_full"
        assert await owner.store.load(a_backtest(2).run_key) is None


async def test_deleting_a_running_run_cancels_it_and_tells_its_followers(owner: Any, a_backtest: Make) -> None:
    removed: list[RunRemoved] = []
    snapshot, _ = await owner.submit(a_backtest())
    task = await owner.next_task()
    await owner.until_status(snapshot.run_key, "Running")
    folder = owner.results.attempt_dir(snapshot.run_key, 1)
    assert folder.exists()
    async with owner.broker.subscribe(
        snapshot.run_key, lambda event: removed.append(event) if isinstance(event, RunRemoved) else None
    ):
        await owner.ledger.delete("backtest", snapshot.run_key)
    assert task.cancelled.is_set()
    assert [event.run_key for event in removed] == [snapshot.run_key]
    assert await owner.store.load(snapshot.run_key) is None
    assert not folder.exists()


async def test_followers_are_told_even_if_the_files_cannot_be_removed(
    owner: Any, a_backtest: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    (await owner.next_task()).complete()
    await owner.until_status(snapshot.run_key, "Completed")
    removed: list[RunRemoved] = []

    async def fails(_: str) -> None:
        raise OSError("the disk is read-only")

    monkeypatch.setattr(owner.results, "remove", fails)
    async with owner.broker.subscribe(
        snapshot.run_key, lambda event: removed.append(event) if isinstance(event, RunRemoved) else None
    ):
        with pytest.raises(OSError, match="read-only"):
            await owner.ledger.delete("backtest", snapshot.run_key)
    assert [event.run_key for event in removed] == [snapshot.run_key]


async def test_counts_never_fall(owner: Any, a_backtest: Make) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    await owner.next_task()
    await owner.until_status(snapshot.run_key, "Running")
    live = owner.live(snapshot.run_key)
    await owner.ledger.report(live, WorkProgress(processed=60, bars=60))
    await owner.ledger.report(live, WorkProgress(processed=40, bars=40))
    assert live.state.processed == 60


async def test_a_reading_that_says_nothing_new_is_not_published(owner: Any, a_backtest: Make) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    await owner.next_task()
    await owner.until_status(snapshot.run_key, "Running")
    live = owner.live(snapshot.run_key)
    assert await owner.ledger.report(live, WorkProgress(processed=60, phase="simulating"))
    before = live.snapshot.rev
    assert not await owner.ledger.report(live, WorkProgress(processed=60, phase="simulating"))
    assert live.snapshot.rev == before


async def test_every_state_of_a_run_is_newer_than_the_one_before(owner: Any, a_backtest: Make) -> None:
    for attempt in (1, 2, 3):
        snapshot, _ = await owner.submit(a_backtest(), force=True)
        task = await owner.next_task()
        task.now = Counts(processed=50, bars=50, phase="simulating")
        await owner.until_status(snapshot.run_key, "Running", attempt)
        task.complete()
        await owner.until_status(snapshot.run_key, "Completed", attempt)
    revisions = [seen.rev for seen in owner.published]
    assert revisions == sorted(set(revisions))


async def test_a_long_stack_trace_travels_cut_and_is_kept_whole(owner: Any, a_backtest: Make) -> None:
    snapshot, _ = await owner.submit(a_backtest())
    trace = "x" * 50_000
    (await owner.next_task()).end(TaskFailed(cause="raised", message="deep", stack_trace=trace))
    failed = await owner.until_status(snapshot.run_key, "Failed")
    assert "characters left out" in failed.state.error_stack_trace
    assert len(failed.state.error_stack_trace) < 17_000
    stored = await owner.store.load(snapshot.run_key)
    assert stored.newest.snapshot.state.error_stack_trace == trace


async def test_a_stored_run_without_the_extra_asked_for_is_computed_again(owner: Any, a_backtest: Make) -> None:
    first, _ = await owner.submit(a_backtest())
    (await owner.next_task()).complete()
    await owner.until_status(first.run_key, "Completed")
    second, dedup = await owner.submit(with_log(a_backtest()))
    assert (second.run_key, second.run.attempt, dedup) == (first.run_key, 2, "none")
    (await owner.next_task()).complete()
    await owner.until_status(first.run_key, "Completed", attempt=2)
    for again in (a_backtest(), with_log(a_backtest())):
        cached, dedup = await owner.submit(again)
        assert (cached.run.attempt, dedup) == (2, "cached")


async def test_an_extra_that_is_being_computed_is_joined(owner: Any, a_backtest: Make) -> None:
    await owner.submit(with_log(a_backtest()))
    for again in (a_backtest(), with_log(a_backtest())):
        joined, dedup = await owner.submit(again)
        assert (joined.run.attempt, dedup) == (1, "inFlight")


async def test_an_extra_that_the_run_under_way_lacks_waits_for_its_end(owner: Any, a_backtest: Make) -> None:
    first, _ = await owner.submit(a_backtest())
    task = await owner.next_task()
    second, dedup = await owner.submit(with_log(a_backtest()))
    assert (second.run.attempt, second.state.status, dedup) == (2, "Pending", "none")
    assert (await owner.submit(a_backtest()))[0].run.attempt == 1
    assert (await owner.submit(with_log(a_backtest())))[0].run.attempt == 2
    task.complete()
    await owner.until_status(first.run_key, "Completed")
    (await owner.next_task()).complete()
    await owner.until_status(first.run_key, "Completed", attempt=2)


async def test_cancelling_a_run_cancels_the_attempt_that_waits_for_an_extra(owner: Any, a_backtest: Make) -> None:
    first, _ = await owner.submit(a_backtest())
    await owner.next_task()
    await owner.submit(with_log(a_backtest()))
    await owner.ledger.cancel("backtest", first.run_key)
    await owner.until_status(first.run_key, "Cancelled")
    await owner.until_status(first.run_key, "Cancelled", attempt=2)
    assert owner.ledger.live == {}


def with_log(prepared: Any) -> Any:
    """The same run with its event log asked for."""
    return msgspec.structs.replace(prepared, settings=msgspec.structs.replace(prepared.settings, event_log=True))
