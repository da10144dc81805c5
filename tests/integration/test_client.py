"""What the Python client finds of runs, whatever stands behind the server's address."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest

from server.client import (
    AlreadyEnded,
    AsyncForge,
    Forge,
    InvalidRequest,
    NoResult,
    NotFound,
    ProblemError,
    RunFailed,
    optimize,
    run,
)
from server.client.follow import Link, Pace
from server.contract.results import BacktestResult, OptimizationResult
from tests.integration.relay import relay
from tests.integration.setups import SETUPS
from tests.integration.site import Site
from tests.waiting import looks

if TYPE_CHECKING:
    from server.contract.run import RunSnapshot

QUICK = Pace(poll_s={"backtest": 0.05, "optimization": 0.05}, least_delay_s=0.01, most_delay_s=0.05)
PERIODS = {"fastPeriod": 2, "slowPeriod": 5}


@pytest.fixture(scope="module", params=SETUPS)
def setup(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same server set up in each way, one after the other."""
    set_up = SETUPS[request.param]
    if set_up is None:
        yield request.getfixturevalue("site")
        return
    with set_up(tmp_path_factory.mktemp(request.param)) as site:
        yield site


@pytest.fixture
def forge(setup: Site) -> Iterator[Forge]:
    with Forge(setup.served.url) as client:
        yield client


@pytest.fixture
async def asking(setup: Site) -> AsyncIterator[AsyncForge]:
    async with AsyncForge(setup.served.url) as client:
        yield client


@pytest.fixture(scope="module")
def key(setup: Site) -> str:
    """The key of a backtest that kept its events."""
    run_key: str = setup.run("backtests", setup.fresh(strategyParameters=PERIODS, eventLog=True))["runKey"]
    return run_key


@pytest.fixture(scope="module")
def sweep(setup: Site) -> str:
    """The key of an optimization of which some trials fail."""
    axes = {"number": {"min": 1, "max": 6}, "quantity": {"min": 0.5, "max": 10.5, "step": 0.1}}
    run_key: str = setup.run("optimizations", setup.fresh(strategyName="Picky", axes=axes))["runKey"]
    return run_key


# following


def test_a_submission_is_waited_for(setup: Site, forge: Forge) -> None:
    request = setup.fresh(strategyParameters=PERIODS)
    submission = forge.submit_backtest(request)
    result = forge.wait(submission)
    assert isinstance(result, BacktestResult)
    assert (result.run_key, result.parameters["fastPeriod"]) == (submission.run_key, 2)
    again = forge.submit_backtest(request)
    assert again.dedup == "cached"
    assert forge.wait(again) == result == forge.result(submission.run_key)


def test_an_optimization_is_waited_for(setup: Site, forge: Forge) -> None:
    request = setup.fresh(axes={"fastPeriod": {"values": [2, 3]}, "slowPeriod": {"fixed": 9}})
    assert forge.evaluate(request).total_combinations == 2
    result = forge.wait(forge.submit_optimization(request))
    assert isinstance(result, OptimizationResult)
    assert (result.completed, result.trials_total) == (2, 2)


async def test_a_run_is_watched_from_now_to_its_end(setup: Site, asking: AsyncForge) -> None:
    run_key, gate = await asyncio.to_thread(setup.at_gate)
    seen: list[RunSnapshot] = []
    async for snapshot in asking.watch(run_key):
        seen.append(snapshot)
        gate.touch()  # once the first state has been seen
    revisions = [snapshot.rev for snapshot in seen]
    assert revisions == sorted(set(revisions))
    assert [seen[0].state.status, seen[-1].state.status] == ["Running", "Completed"]
    assert [snapshot.final for snapshot in seen] == [False] * (len(seen) - 1) + [True]


async def test_a_lost_socket_is_polled_for_and_taken_up_again(setup: Site) -> None:
    run_key, gate = await asyncio.to_thread(setup.at_gate)
    links: list[Link] = []
    async with relay(setup.served.url) as way, AsyncForge(way.url, pace=QUICK) as asking:
        states = asking.watch(run_key, on_link=links.append)
        seen = [await anext(states)]
        way.refuses = True
        way.cut()
        following = asyncio.ensure_future(anext(states))
        async for lost in looks(lambda: links == ["polling"]):
            if lost:
                break
        way.refuses = False
        async for back in looks(lambda: way.sockets == 2):
            if back:
                break
        gate.touch()
        seen += [await following, *[state async for state in states]]
    assert (links, way.sockets) == (["polling", "live"], 2)
    assert [state.rev for state in seen] == sorted({state.rev for state in seen})
    assert seen[-1].state.status == "Completed"


async def test_without_any_socket_the_status_leads_to_the_end(setup: Site) -> None:
    run_key, gate = await asyncio.to_thread(setup.at_gate)
    async with relay(setup.served.url) as way, AsyncForge(way.url, pace=QUICK) as asking:
        way.refuses = True
        states = asking.watch(run_key)
        seen = [await anext(states)]
        gate.touch()
        seen += [state async for state in states]
    assert ([seen[0].state.status, seen[-1].state.status], way.sockets) == (["Running", "Completed"], 0)


async def test_many_are_waited_for_at_once(setup: Site, asking: AsyncForge) -> None:
    requests = [setup.fresh(strategyParameters=PERIODS) for _ in range(8)]
    submissions = await asyncio.gather(*(asking.submit_backtest(request) for request in requests))
    results = await asyncio.gather(*(asking.wait(submission) for submission in submissions))
    assert [result.run_key for result in results] == [submission.run_key for submission in submissions]


def test_a_failed_run_tells_where_the_strategy_failed(setup: Site, forge: Forge) -> None:
    submission = forge.submit_backtest(setup.fresh(strategyName="Boom"))
    with pytest.raises(RunFailed, match="boom at 500") as failed:
        forge.wait(submission)
    assert 'raise RuntimeError(f"boom at {bar.i}")' in (failed.value.stack_trace or "")
    with pytest.raises(NoResult, match="it is Failed"):
        forge.result(submission)


def test_a_cancelled_run_has_no_result(setup: Site, forge: Forge) -> None:
    run_key, _ = setup.at_gate()
    assert forge.cancel(run_key).cancel_requested
    with pytest.raises(RunFailed, match="was cancelled"):
        forge.wait(run_key)
    with pytest.raises(AlreadyEnded):
        forge.cancel(run_key)


# refusals


def test_what_is_not_there_is_not_found(forge: Forge) -> None:
    absent = "Sma_1.0.0_20240101-20240201_000000000000000000000000"
    for ask in (forge.status, forge.wait, forge.cancel, forge.delete, forge.frames.trials, forge.frames.equity):
        with pytest.raises(NotFound) as refusal:
            ask(absent)
        assert (refusal.value.code, refusal.value.status) == ("run_not_found", 404)


def test_what_is_wrong_with_a_request_is_named(setup: Site, forge: Forge) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        forge.submit_backtest(setup.settings(initialCash=-1))
    assert [error.path for error in refusal.value.errors] == ["initialCash"]


def test_a_run_without_a_log_is_refused_in_words(setup: Site, forge: Forge) -> None:
    without = setup.run("backtests", setup.fresh())["runKey"]
    with pytest.raises(ProblemError, match="eventLog") as refusal:
        list(forge.events(without))
    assert refusal.value.code == "not_found"


# what a run left behind


def test_orders_bars_and_events_tell_of_the_same_fills(forge: Forge, key: str) -> None:
    first = forge.orders(key, status="Filled", limit=500)
    second = forge.orders(key, status="Filled", limit=500, cursor=first.next_cursor)
    fills = [fill for page in (first, second) for order in page.items for fill in order.fills]
    markers = forge.bars(key, points=5_000).markers
    told = list(forge.events(key, types=["ord.fill"]))
    assert len(fills) == len(markers) == len(told) == first.total_count > 500
    assert (
        [fill.price for fill in fills] == [marker.price for marker in markers] == [event.d["price"] for event in told]
    )


def test_bars_are_asked_for_by_day(forge: Forge, key: str) -> None:
    bars = forge.bars(key, from_="2024-02-01", to="2024-02-02")
    assert (len(bars.rows), bars.interval) == (48, 3_600_000)
    assert forge.bars(key, points=10).interval > 3_600_000


def test_events_may_be_left_in_the_middle(forge: Forge, key: str) -> None:
    first = [event.sq for event in islice(forge.events(key), 10)]
    assert first == list(range(1, 11))
    assert len(list(forge.events(key, limit=5_000))) == 5_000


async def test_events_are_read_as_they_arrive(asking: AsyncForge, key: str) -> None:
    times = [event.ts async for event in asking.events(key, types=["bar"], from_="2024-02-01T00:00:00Z")]
    assert times == sorted(times)
    assert len(times) == 3_000 - 31 * 24


# data frames


def test_a_frame_of_trials_holds_what_the_pages_tell(forge: Forge, sweep: str) -> None:
    frame = forge.frames.trials(sweep, library="polars")
    page = forge.trials(sweep, limit=500)
    assert len(frame) == page.total_count == 606
    assert page.next_cursor is not None
    for row, trial in zip(frame.iter_rows(named=True), page.items, strict=False):
        assert (row["trial_key"], row["number"], row["quantity"]) == (trial.trial_key, *trial.parameters.values())
        assert row["sharpe_ratio"] == (trial.metrics and trial.metrics.sharpe_ratio)
    assert set(frame.filter(pl.col("status") == "Failed")["number"]) == {3, 6}


def test_both_libraries_make_the_same_frame(forge: Forge, sweep: str) -> None:
    asked: dict[str, Any] = {"sort": "-net_profit", "status": "Completed", "min_total_trades": 1}
    left = forge.frames.trials(sweep, library="polars", **asked)
    right = forge.frames.trials(sweep, library="pandas", **asked)
    assert left["net_profit"].is_sorted(descending=True)
    assert left["trial_key"].to_list() == right["trial_key"].to_list()
    assert left["net_profit"].to_list() == right["net_profit"].to_list()
    assert [str(right[name].dtype) for name in ("number", "quantity", "total_trades")] == ["int64", "float64", "int64"]


async def test_the_tables_of_a_backtest_agree(asking: AsyncForge, key: str) -> None:
    frames = asking.frames
    trades, orders, equity, bars = await asyncio.gather(
        frames.trades(key), frames.orders(key, status="Filled"), frames.equity(key), frames.bars(key)
    )
    assert len(equity) == len(bars) == 3_000
    assert equity["time"].to_list() == bars["time"].to_list()
    assert orders["fills"].sum() >= 2 * trades["exit_time"].count()
    assert {"fast", "slow"} < set(bars.columns)
    assert (await frames.trades(key, sort="-profit"))["profit"][0] == trades["profit"].max()


# data and runs in a line


@pytest.mark.parametrize("library", [pd, pl])
def test_a_frame_of_bars_comes_back_as_it_was_sent(forge: Forge, key: str, library: Any) -> None:
    bars = forge.frames.bars(key, library=library.__name__)
    named = bars[["time", "open", "high", "low", "close", "volume"]]
    dataset, _ = forge.import_frame(named, asset_name="AGAIN", exchange="TEST", time_frame="1h")
    known = [one.content_hash for one in forge.datasets() if (one.asset_name, one.exchange) == ("ACME", "TEST")]
    assert dataset.rows == 3_000
    assert dataset.content_hash in known


def test_a_line_is_a_backtest(setup: Site, forge: Forge, capsys: pytest.CaptureFixture[str]) -> None:
    cash = setup.fresh()["initialCash"]
    found = run(
        "SmaCrossover", "acme", "1h", exchange="test", fast_period=2, slow_period=5, initial_cash=cash, forge=forge
    )
    assert len(found.trades()) == found.metrics.total_trades > 100
    assert found.equity()["equity"][-1] == pytest.approx(found.metrics.final_equity)
    assert setup.http.get(found.url).status_code == 200
    assert "<polyline" in found._repr_html_()
    assert "Completed: Processed 3,000 / 3,000 Bars (100%)" in capsys.readouterr().err


def test_a_line_is_an_optimization(setup: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORGE_URL", setup.served.url)
    found = optimize(
        "SmaCrossover",
        "ACME",
        "1h",
        exchange="TEST",
        fast_period=range(4, 8),
        slow_period=[6, 8],
        conditions=["fast_period < slow_period"],
        sort_by="net_profit",
        progress=False,
    )
    trials = found.trials()
    assert len(trials) == found.result.completed == 6
    assert found.best is not None
    assert found.metrics is not None
    assert trials["net_profit"].max() == found.best.value == found.metrics.net_profit
    assert "fastPeriod" in found._repr_html_()
