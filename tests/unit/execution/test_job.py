"""What a worker hands the engine, and what a result tells of its data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pytest

from server.contract.base import format_instant
from server.contract.catalogue import CashFlowKind
from server.data.flow_ingestion import FlowOrder, import_flows
from server.engine.series import DIVIDEND, FUNDING, NO_FLOWS, Series
from server.execution import job as job_module
from server.execution.data_used import warnings_about
from server.execution.job import OpenJob
from server.execution.tasks import BacktestTask, DataSlice, Feed
from tests.conftest import HOUR_MS, START_MS, Workshop

STILL: Final = """
class Probe(Strategy):
    version = "1.0.0"

    def init(self):
        pass

    def on_bar(self, bar):
        pass
"""


class Engine:
    """Keeps the series that it is given, and runs nothing."""

    def __init__(self) -> None:
        self.series: list[Series] = []

    def __call__(self, _strategy: Any, _parameters: Any, series: Sequence[Series], _settings: Any, **_: Any) -> None:
        self.series = list(series)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    """In the place of the real one."""
    engine = Engine()
    monkeypatch.setattr(job_module, "run_backtest", engine)
    return engine


def hours(slice_: DataSlice, first: int, stop: int) -> DataSlice:
    """Some of its hourly bars."""
    return msgspec.structs.replace(slice_, first_row=first, stop_row=stop)


def job_of(workshop: Workshop, *data: DataSlice, start: int = 0, end: int = 99) -> BacktestTask:
    """A job over several slices and the hours `start` to `end`."""
    task = workshop.backtest(workshop.strategy(STILL), data[0])
    period = {"start_ms": START_MS + start * HOUR_MS, "end_ms": START_MS + end * HOUR_MS}
    return msgspec.structs.replace(task, data=list(data), **period)


def feed(workshop: Workshop, kind: CashFlowKind, *rows: tuple[float, str]) -> Feed:
    """Cash flows of so many hours after the first bar, as the catalogue keeps them."""
    path = workshop.folder("upload") / "flows.csv"
    lines = [f"{START_MS + int(hour * HOUR_MS)},{amount}" for hour, amount in rows]
    path.write_text("\n".join(["time,rate" if kind == "funding" else "time,amount", *lines]))
    info, _ = import_flows(path, workshop.root / "datasets", FlowOrder(kind=kind, asset_name="ACME", exchange="TEST"))
    return Feed(kind=kind, dataset=info, directory=str(workshop.root / "datasets" / info.id))


def with_feeds(slice_: DataSlice, *feeds: Feed) -> DataSlice:
    return msgspec.structs.replace(slice_, feeds=list(feeds))


def test_the_engine_is_handed_every_series_in_order(workshop: Workshop, engine: Engine) -> None:
    data = [hours(workshop.data(100, seed), first, 100) for seed, first in ((1, 0), (2, 10), (3, 20))]
    opened = OpenJob(job_of(workshop, *data))
    opened.simulate("0" * 24, {}, None)  # type: ignore[arg-type]  # the engine that would tell it is a fake
    assert [(one.first, one.stop, one.interval_ms) for one in engine.series] == [
        (0, 100, HOUR_MS),
        (10, 100, HOUR_MS),
        (20, 100, HOUR_MS),
    ]
    for one, part in zip(engine.series, data, strict=True):
        assert np.array_equal(one.bars[:, one.first : one.stop], workshop.bars(part))
        assert one.flows is not None
        assert len(one.flows) == 0
        assert one.flows.dtype == NO_FLOWS.dtype
    assert opened.rows == 100 + 90 + 80


def test_cash_flows_of_the_period_are_merged_by_time(workshop: Workshop, engine: Engine) -> None:
    funding = feed(workshop, "funding", (-1, "0.5"), (0, "0.0001"), (8, "-0.0002"), (16, "0.0003"), (24, "0.5"))
    dividends = feed(workshop, "dividends", (8, "0.25"), (9, "1"))
    data = with_feeds(workshop.data(100), dividends, funding)
    OpenJob(job_of(workshop, data, end=16)).simulate("0" * 24, {}, None)  # type: ignore[arg-type]  # as above
    (series,) = engine.series
    assert series.flows.tolist() == [
        (START_MS, FUNDING, 100_000),
        (START_MS + 8 * HOUR_MS, FUNDING, -200_000),
        (START_MS + 8 * HOUR_MS, DIVIDEND, 250_000_000),
        (START_MS + 9 * HOUR_MS, DIVIDEND, 1_000_000_000),
        (START_MS + 16 * HOUR_MS, FUNDING, 300_000),
    ]


def test_a_result_tells_every_series_and_its_cash_flows(workshop: Workshop) -> None:
    dividends = feed(workshop, "dividends", (5, "0.25"), (50, "0.25"), (98, "0.25"))
    data = [with_feeds(workshop.data(100, 1), dividends), hours(workshop.data(100, 2), 10, 60)]
    first, second = OpenJob(job_of(workshop, *data, start=6)).data_used
    assert (first.asset_name, first.exchange, first.time_frame) == ("ACME", "TEST", "1h")
    assert [(flows.kind, flows.dataset_id, flows.rows) for flows in first.cash_flows] == [
        ("dividends", dividends.dataset.id, 2)
    ]
    assert (second.rows, second.cash_flows) == (50, [])
    assert (second.first, second.last) == tuple(format_instant(START_MS + hour * HOUR_MS) for hour in (10, 59))


@pytest.mark.parametrize(
    ("first", "stop", "said"),
    [
        (0, 100, []),
        (1, 99, []),
        (2, 100, ["begins at 2024-01-01T02:00:00.000Z, the main series at 2024-01-01T00:00:00.000Z"]),
        (0, 98, ["ends at 2024-01-05T01:00:00.000Z, the main series at 2024-01-05T03:00:00.000Z"]),
    ],
)
def test_a_series_that_is_short_by_more_than_a_bar_is_warned_of(
    workshop: Workshop, first: int, stop: int, said: list[str]
) -> None:
    opened = OpenJob(job_of(workshop, workshop.data(100, 1), hours(workshop.data(100, 2), first, stop)))
    assert opened.warnings == [f"ACME 1h of TEST {what}" for what in said]


def test_a_long_bar_that_the_main_series_ends_within_is_not_missed(workshop: Workshop) -> None:
    main, other = workshop.data(100, 1), workshop.data(100, 2)
    long = msgspec.structs.replace(other, dataset=msgspec.structs.replace(other.dataset, time_frame="4h"))
    for stop, said in ((93, 0), (92, 1)):  # complete at hour 96, the main series at hour 100
        warned = warnings_about([main, hours(long, 0, stop)], START_MS, START_MS + 100 * HOUR_MS)
        assert len(warned) == said


def test_a_series_that_opens_beside_the_main_one_is_warned_of(workshop: Workshop, tmp_path: Path) -> None:
    beside = workshop.data(100, 2)
    bars = np.load(Path(beside.directory) / "bars.npy")
    bars[0] += HOUR_MS // 2
    np.save(tmp_path / "bars.npy", bars)
    late = msgspec.structs.replace(beside, directory=str(tmp_path))
    assert warnings_about([workshop.data(100, 1), late], START_MS, START_MS + 100 * HOUR_MS) == [
        "bars of ACME 1h of TEST open 30m after those of the main series"
    ]


def test_cash_flows_that_lack_are_warned_of(workshop: Workshop) -> None:
    data = workshop.data(100)

    def warned(*feeds: Feed) -> list[str]:
        both = [with_feeds(data, *feeds)] * 2  # two series of an asset share its cash flows, and are warned of once
        return OpenJob(job_of(workshop, *both)).warnings

    assert warned(feed(workshop, "funding", (8, "0"), (90, "0"))) == []
    assert warned(feed(workshop, "dividends", (50, "1"))) == []
    assert warned(feed(workshop, "dividends", (100, "1"))) == ["dividends of ACME on TEST: none within the period"]
    (late,) = warned(feed(workshop, "funding", (50, "0"), (90, "0")))
    assert late.startswith("funding of ACME on TEST begins at 2024-01-03T02:00:00.000Z, its bars at 2024-01-01")
    (short,) = warned(feed(workshop, "funding", (0, "0"), (70, "0")))
    assert short.startswith("funding of ACME on TEST ends at 2024-01-03T22:00:00.000Z, its bars at 2024-01-05")


def test_a_data_set_that_is_gone_is_told(workshop: Workshop) -> None:
    gone = msgspec.structs.replace(
        feed(workshop, "funding", (1, "0.125")), directory=str(Path(workshop.root) / "not-there")
    )
    with pytest.raises(FileNotFoundError):
        OpenJob(job_of(workshop, with_feeds(workshop.data(100), gone)))
