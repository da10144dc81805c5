"""Inspections and imports, as every executor runs them."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.contract.catalogue import StrategyInfo
from server.data.catalogue import Catalogue
from server.execution.port import Executor
from server.execution.tasks import ImportDone, ImportTask, InspectDone, InspectTask, ResampleTask, TaskFailed
from tests.contracts.executing import ended

if TYPE_CHECKING:
    from tests.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD = """
from server.strategies import Strategy

class Good(Strategy):
    def on_bar(self, bar):
        return
"""
CSV = "time,open,high,low,close\n2024-01-01T00:00Z,1,2,1,2\n2024-01-01T01:00Z,{row}\n"


async def inspected(executor: Executor, workshop: "Workshop", **files: str) -> dict[str, StrategyInfo]:
    """What is found in a folder with these files and a good one."""
    folder = workshop.folder("strategies")
    for name, text in {**files, "good": GOOD}.items():
        (folder / f"{name}.py").write_text(text)
    task = InspectTask(folders=[str(folder)], frozen_root=str(workshop.folder("sources")))
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, InspectDone)
    return {found.info.name: found.info for found in outcome.strategies}


def import_of(workshop: "Workshop", content: str) -> ImportTask:
    """Imports a file into a catalogue of its own."""
    path = workshop.folder("upload") / "file.csv"
    path.write_text(content)
    return ImportTask(
        path=str(path),
        catalogue_root=str(workshop.folder("datasets")),
        media_type="text/csv",
        asset_name="ACME",
        exchange="TEST",
        time_frame="1h",
        tick_size="0.5",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = (", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("import os\nos._exit(3)", "os._exit(3)"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class Odd(BaseException):\n    pass\nraise Odd", "Odd"),
        ("class Mute(Exception):\n    def __str__(self):\n        1 / 0\nraise Mute", "Mute"),
        ("import sys\nsys.stdout.write('x' * 10**6)\nraise SystemExit", "SystemExit"),
        ("x = bytearray(2**40)", "MemoryError"),
    ],
)
async def test_a_file_that_harms_its_inspection_is_listed_beside_the_good_ones(
    executor: Executor, workshop: "Workshop", text: str, told: str
) -> None:
    restarts = executor.health().restarts
    found = await inspected(executor, workshop, bad=text)
    assert found["Good"].error is None
    error = found["bad"].error
    assert error is not None
    assert error.file == "bad.py"
    assert error.line == len(text.splitlines())
    assert told in error.message
    assert executor.health().restarts == restarts


async def test_a_file_that_never_finishes_loading_is_listed_with_the_line_it_stands_on(
    executor: Executor, workshop: "Workshop"
) -> None:
    before = time.monotonic()
    found = await inspected(executor, workshop, endless="x = 1\nwhile True:\n    x += 1")
    assert time.monotonic() - before < 9
    assert found["Good"].error is None
    error = found["endless"].error
    assert error is not None
    assert "did not finish loading within 5 s" in error.message
    assert error.line in (2, 3)


async def test_an_import_ends_with_the_data_set_in_the_catalogue(executor: Executor, workshop: "Workshop") -> None:
    task = import_of(workshop, CSV.format(row="2,3,2,2.5"))
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, ImportDone)
    assert outcome.created
    assert Catalogue(Path(task.catalogue_root)).all() == [outcome.dataset]
    again = await ended(executor.start(task))
    assert again == ImportDone(dataset=outcome.dataset, created=False)


async def test_a_resampling_ends_with_the_longer_bars_in_the_catalogue(
    executor: Executor, workshop: "Workshop"
) -> None:
    task = import_of(workshop, CSV.format(row="2,3,2,2.5"))
    fine = await ended(executor.start(task))
    assert isinstance(fine, ImportDone)
    longer = ResampleTask(catalogue_root=task.catalogue_root, source_id=fine.dataset.id, time_frame="2h")
    outcome = await ended(executor.start(longer))
    assert isinstance(outcome, ImportDone)
    assert (outcome.dataset.time_frame, outcome.dataset.rows) == ("2h", 1)
    assert Catalogue(Path(task.catalogue_root)).all() == [fine.dataset, outcome.dataset]
    gone = ResampleTask(catalogue_root=task.catalogue_root, source_id="gone", time_frame="2h")
    assert isinstance(await ended(executor.start(gone)), TaskFailed)


async def test_bad_rows_are_refused_with_their_lines_and_leave_nothing(
    executor: Executor, workshop: "Workshop"
) -> None:
    task = import_of(workshop, CSV.format(row="2,1,2,2"))
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TaskFailed)
    assert (outcome.cause, outcome.code) == ("refused", "bad_rows")
    assert [path for path, _ in outcome.errors] == ["line 3"]
    assert Catalogue(Path(task.catalogue_root)).all() == []


async def test_a_tick_that_does_not_fit_names_its_field(executor: Executor, workshop: "Workshop") -> None:
    task = import_of(workshop, CSV.format(row="2.25,3,2,2.5"))
    outcome = await ended(executor.start(task))
    assert isinstance(outcome, TaskFailed)
    assert (outcome.cause, outcome.code) == ("refused", "invalid_request")
    assert [path for path, _ in outcome.errors] == ["tickSize"]
