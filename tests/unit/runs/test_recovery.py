"""What a new owner makes of what a former one left."""

from collections.abc import Callable
from typing import Any

from server.execution.tasks import TaskFailed
from server.runs.recovery import recover, remove_orphans

Make = Callable[..., Any]


async def test_runs_that_waited_wait_again_in_their_order(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner(schedule=False) as former:
        first, _ = await former.submit(a_backtest(1))
        second, _ = await former.submit(a_backtest(2))
    async with open_owner(schedule=False) as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        assert [owner.ledger.queue.position(run.run_key) for run in (first, second)] == [1, 2]
        assert owner.live(first.run_key).snapshot.rev.generation > second.rev.generation
        assert {seen.run_key for seen in owner.published} == {first.run_key, second.run_key}


async def test_a_backtest_that_ran_has_failed_and_says_why(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner() as former:
        snapshot, _ = await former.submit(a_backtest())
        await former.next_task()
        last = await former.until_status(snapshot.run_key, "Running")
    async with open_owner() as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        failed = await owner.until_status(snapshot.run_key, "Failed")
        assert failed.state.error_message == "server restarted"
        assert failed.rev > last.rev
        assert owner.executor.started.empty()
        again, dedup = await owner.submit(a_backtest())
        assert (again.run.attempt, dedup) == (2, "none")


async def test_a_sweep_that_ran_goes_on_as_a_new_attempt(open_owner: Make, a_sweep: Make) -> None:
    async with open_owner() as former:
        snapshot, _ = await former.submit(a_sweep(trials=50))
        await former.next_task()
        await former.until_status(snapshot.run_key, "Running")
    async with open_owner() as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        await owner.until_status(snapshot.run_key, "Failed")
        await owner.until_status(snapshot.run_key, "Running", attempt=2)
        assert (await owner.next_task()).task.attempt == 2


async def test_files_whose_run_is_gone_go_too(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner() as former:
        kept, _ = await former.submit(a_backtest(1))
        await former.next_task()
        orphan = former.results.attempt_dir(a_backtest(2).run_key, 1, create=True)
        (orphan / "result.json").write_bytes(b"{}")
        root = orphan.parent.parent
        (root / ".removed-half").mkdir()
        (root / "notes").mkdir()
    async with open_owner() as owner:
        await remove_orphans(owner.store, owner.results)
    assert {path.name for path in root.iterdir()} == {kept.run_key, "notes"}


async def test_files_of_which_the_store_knows_none_stay(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner() as owner:
        folder = owner.results.attempt_dir(a_backtest().run_key, 1, create=True)
        await remove_orphans(owner.store, owner.results)
        assert folder.exists()


async def test_an_attempt_begins_in_an_empty_folder(owner: Any, a_backtest: Make, a_sweep: Make) -> None:
    for prepared in (a_backtest(), a_sweep()):
        left = owner.results.attempt_dir(prepared.run_key, 1, create=True) / "trials-000000000.npz"
        left.touch()
        await owner.submit(prepared)
        await owner.next_task()
        assert left.parent.exists()
        assert not left.exists()


async def test_a_cancel_that_was_asked_for_has_happened(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner() as former:
        former.executor.stubborn = True
        snapshot, _ = await former.submit(a_backtest())
        await former.next_task()
        await former.until_status(snapshot.run_key, "Running")
        await former.ledger.cancel("backtest", snapshot.run_key)
    async with open_owner() as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        await owner.until_status(snapshot.run_key, "Cancelled")


async def test_an_attempt_that_waited_behind_a_cancel_starts(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner() as former:
        former.executor.stubborn = True
        snapshot, _ = await former.submit(a_backtest())
        await former.next_task()
        await former.until_status(snapshot.run_key, "Running")
        await former.ledger.cancel("backtest", snapshot.run_key)
        await former.submit(a_backtest())
    async with open_owner() as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        await owner.until_status(snapshot.run_key, "Cancelled")
        (await owner.next_task()).end(TaskFailed(cause="raised", message="boom"))
        await owner.until_status(snapshot.run_key, "Failed", attempt=2)


async def test_the_newest_ends_are_told_again(open_owner: Make, a_backtest: Make) -> None:
    async with open_owner() as former:
        snapshot, _ = await former.submit(a_backtest())
        (await former.next_task()).end(TaskFailed(cause="raised", message="boom"))
        end = await former.until_status(snapshot.run_key, "Failed")
    async with open_owner(schedule=False) as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        assert [(seen.run_key, seen.rev) for seen in owner.published] == [(snapshot.run_key, end.rev)]
