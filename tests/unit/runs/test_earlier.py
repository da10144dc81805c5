"""From which attempts a sweep may take trials over."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.contract.requests import Account, Commission
from server.engine.settings import EngineSettings
from server.runs.earlier import earlier_attempts
from server.runs.prepared import PreparedOptimization
from server.runs.recovery import recover

Make = Callable[..., Any]


async def places(owner: Any, prepared: PreparedOptimization, attempt: int | None = None) -> list[tuple[str, str, bool]]:
    found = (await earlier_attempts(owner.store, owner.results, prepared, attempt))[prepared.family]
    return [(Path(one.folder).parent.name, Path(one.folder).name, one.same_run) for one in found]


@pytest.fixture
async def idle_owner(open_owner: Make) -> AsyncIterator[Any]:
    """An owner of whose runs none begins."""
    async with open_owner(schedule=False) as it:
        yield it


async def test_attempts_of_every_run_of_the_family_but_the_own_one_are(idle_owner: Any, a_sweep: Make) -> None:
    mine, other = a_sweep(1), a_sweep(2)
    for prepared in (other, mine):
        await idle_owner.submit(prepared)
    await idle_owner.submit(a_sweep(3, end_ms=2))
    assert await places(idle_owner, mine, 1) == [(other.run_key, "1", False)]
    assert await places(idle_owner, mine, 2) == [(mine.run_key, "1", True), (other.run_key, "1", False)]
    assert len(await places(idle_owner, a_sweep(4))) == 2


async def test_what_else_decides_a_result_makes_another_family(a_sweep: Make, a_backtest: Make) -> None:
    settings = EngineSettings(
        initial_cash=5.0, commission=Commission(model="rate", value=0.0), account=Account(type="cash"), compile=False
    )
    assert a_sweep().family == a_backtest().family == a_sweep(settings=settings).family
    changes: list[dict[str, Any]] = [{"end_ms": 2}, {"start_ms": -1}, {"identity": {"cash": 5}}]
    assert len({a_sweep(**change).family for change in [{}, *changes]}) == 4


async def test_a_forced_sweep_computes_everything_anew(idle_owner: Any, a_sweep: Make) -> None:
    await idle_owner.submit(a_sweep(2))
    await idle_owner.submit(a_sweep(1))
    assert await places(idle_owner, a_sweep(1, forced=True), 2) == []


async def test_a_forced_sweep_goes_on_after_a_restart_with_its_own_trials(open_owner: Make, a_sweep: Make) -> None:
    async with open_owner() as former:
        await former.submit(a_sweep(2))
        (await former.next_task()).complete()
        forced, _ = await former.submit(a_sweep(1, forced=True), force=True)
        await former.until_status(forced.run_key, "Running")
    async with open_owner(schedule=False) as owner:
        await recover(owner.store, owner.ledger, owner.broker)
        prepared = owner.live(forced.run_key).prepared
        assert await places(owner, prepared, 2) == [(forced.run_key, "1", True)]
        assert await places(owner, msgspec.structs.replace(prepared, resumed=2), 3) == [(forced.run_key, "2", True)]
